import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { check } from './check.ts'
import { limit, object, text } from './forms.ts'
import type { UserAdmin } from './users.ts'

const mode = z.enum(['sealed', 'hash'], { error: 'must be "sealed" or "hash"' })
const change = { password: text.optional(), mode: mode.optional() }

const newUser = object({ userId: text, ...change })
const passwordChange = object(change)
const page = object({ after: text.optional(), limit })
const named = z.object({ id: text })

/** GET and POST /users, DELETE /users/:id, PUT /users/:id/password. */
export const userRoutes = (app: FastifyInstance, users: UserAdmin): void => {
  app.get('/users', async request => users.list(check(page, request.query, 'after=<user id>, limit=<1 to 500>')))

  app.post('/users', async (request, reply) => {
    const added = await users.add(check(newUser, request.body, '{ "userId": …, "password"?: …, "mode"?: … }'))
    return reply.code(201).send(added)
  })

  app.delete('/users/:id', async (request, reply) => {
    await users.remove(check(named, request.params, '/users/<user id>').id)
    return reply.code(204).send()
  })

  app.put('/users/:id/password', async request => {
    const { id } = check(named, request.params, '/users/<user id>/password')
    return users.setPassword(id, check(passwordChange, request.body ?? {}, '{ "password"?: …, "mode"?: … }'))
  })
}
