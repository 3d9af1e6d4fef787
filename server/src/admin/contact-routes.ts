import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AdminCall } from './call.ts'
import { check } from './check.ts'
import type { ContactAdmin } from './contacts.ts'
import { named, object, text } from './forms.ts'

const flag = z.boolean('must be true or false')
const several = <T extends z.ZodType>(of: T) => z.array(of, 'must be a list')

const newList = object({ list: text, displayName: text.optional(), isDefault: flag.optional() })
const contact = object({ userId: text, nickName: text.optional() })
const members = object({ add: several(contact).optional(), remove: several(text).optional() })
const ofUser = z.object({ user: text, list: text })

/** GET and POST /contacts/:user; GET, PATCH and DELETE /contacts/:user/:list. */
export const contactRoutes = (app: FastifyInstance, contacts: ContactAdmin): void => {
  const userIn = (params: unknown) => check(named, params, '/contacts/<user id>').user
  const listIn = (params: unknown) => check(ofUser, params, '/contacts/<user id>/<list>')

  app.get('/contacts/:user', async request => contacts.list(userIn(request.params)))

  app.post('/contacts/:user', async (request, reply) => {
    const form = '{ "list": …, "displayName"?: …, "isDefault"?: … }'
    const created = await contacts.create(userIn(request.params), check(newList, request.body, form))
    return reply.code(201).send(created)
  })

  app.get('/contacts/:user/:list', async request => {
    const { user, list } = listIn(request.params)
    return contacts.show(user, list)
  })

  app.patch('/contacts/:user/:list', async request => {
    const { user, list } = listIn(request.params)
    const form = '{ "add"?: [{ "userId": …, "nickName"?: … }], "remove"?: [<user id>] }'
    return contacts.change(user, list, check(members, request.body, form))
  })

  app.delete('/contacts/:user/:list', async (request, reply) => {
    const { user, list } = listIn(request.params)
    await contacts.delete(user, list)
    return reply.code(204).send()
  })
}

/** The contact lists of a running server, over its admin API. */
export const contactClient = (call: AdminCall): ContactAdmin => {
  const ofUser = (user: string) => `/contacts/${encodeURIComponent(user)}`
  const pathOf = (user: string, list: string) => `${ofUser(user)}/${encodeURIComponent(list)}`
  return {
    list: user => call('GET', ofUser(user)),
    show: (user, list) => call('GET', pathOf(user, list)),
    create: (user, list) => call('POST', ofUser(user), list),
    delete: (user, list) => call('DELETE', pathOf(user, list)),
    change: (user, list, change) => call('PATCH', pathOf(user, list), change),
  }
}
