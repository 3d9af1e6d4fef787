import type { Syntax, Version } from '@village/protocol'
import { type Answer, theAnswer } from './answer.ts'
import { clear, client, type Traits } from './messaging/clients.ts'
import { messageTo } from './messaging/send.ts'
import { confirm, forward, getMessage, receiveNotification, reject } from './messaging/waiting.ts'
import { type Phone, textOf } from './phone.ts'
import { PresenceClient } from './presence/presence-client.ts'
import { needPresence, services, usual } from './presence/with-presence.ts'
import type { Person, Stage } from './scenario.ts'

/** Whoever is told of messages decides what becomes of them. */
const notifiedTraits: Traits = {
  capabilities: { initialDeliveryMethod: 'N' },
  needs: ['notif', 'getm', 'rejcm', 'fwmsg'],
}

/** A story while it is told: who holds which phone, and what was said last. */
class Telling {
  readonly stage: Stage
  readonly #phones = new Map<string, Phone>()
  readonly #sent = new Map<string, { request: string | Uint8Array; answers: Answer[] }>()
  readonly #messageIds = new Map<string, string>()
  readonly #presences = new Map<string, PresenceClient>()

  constructor(stage: Stage) {
    this.stage = stage
  }

  async logIn(name: string, version: string, syntax: string, isToNotify: string | undefined) {
    const spoken = { version: version as Version, syntax: syntax.toLowerCase() as Syntax }
    const traits = isToNotify === undefined ? {} : notifiedTraits
    this.#phones.set(name, await client(this.stage, personOf(name), { ...traits, spoken }))
  }

  async logOut(name: string) {
    this.stage.expect((await this.#phone(name).logout()).code, `${name}'s answer to the logout`).is(200)
    this.#phones.delete(name)
    this.#presences.delete(name)
  }

  async send(name: string, text: string, to: string, report: string | undefined) {
    const phone = this.#phone(name)
    const userIds = to.split(' and ').map(it => this.#address(it))
    const primitive = messageTo(userIds, phone, text, { report: report !== undefined })
    const request = phone.write([{ mode: 'Request', id: phone.nextId(), primitive }])
    const answer = theAnswer(await phone.post(request))
    this.#sent.set(name, { request, answers: [answer] })
    if (answer.name === 'SendMessageResponse')
      this.#messageIds.set(text, answer.as('SendMessageResponse').messageId ?? '')
  }

  async repeat(name: string) {
    const { request, answers } = this.#said(name)
    answers.push(theAnswer(await this.#phone(name).post(request)))
  }

  isTold(name: string, code: string, failure: string | undefined, who: string | undefined) {
    const last = this.#said(name).answers.at(-1)!
    this.stage.expect(last.code, `what ${name} is told`).is(Number(code))
    if (failure === undefined || who === undefined) return
    const about = last.details.filter(detail => detail.code === Number(failure)).flatMap(detail => detail.about)
    this.stage.expect(about, `those for whom ${name} is told ${failure}`).is([this.#address(who)])
  }

  isToldTheSame(name: string) {
    const [first, ...others] = this.#said(name).answers.map(answer => answer.transaction.primitive)
    if (others.length === 0) fail(`${name} has repeated nothing`)
    for (const other of others) this.stage.expect(other, `the answer to ${name}'s repeat`).is(first)
  }

  async receives(name: string, text: string, from: string) {
    const next = await this.#phone(name).receive(`"${text}"`, it => it.name === 'NewMessage')
    const { messageInfo } = next.as('NewMessage')
    this.stage.expect(textOf(next), `the next message to ${name}`).is(text)
    const sender = messageInfo.sender.user?.userId.toLowerCase()
    this.stage.expect(sender, `the sender of ${text}`).is(this.#address(from).toLowerCase())
  }

  async isNotified(name: string, text: string) {
    await receiveNotification(this.#phone(name), this.#idOf(text))
  }

  async fetches(name: string, text: string) {
    const messageId = this.#idOf(text)
    const { contentData } = (await getMessage(this.#phone(name), messageId)).as('GetMessageResponse')
    this.stage.expect(contentData, `what ${name} fetches`).is(text)
    this.stage.expect((await confirm(this.#phone(name), messageId)).code, `${name}'s confirmation`).is(200)
  }

  async rejects(name: string, text: string) {
    const { code } = await reject(this.#phone(name), [this.#idOf(text)])
    this.stage.expect(code, `the answer to ${name}'s rejection`).is(200)
  }

  async forwards(name: string, text: string, to: string) {
    const answer = await forward(this.#phone(name), this.#idOf(text), [this.#address(to)])
    // 1.3 tells the new Message-ID instead.
    this.stage.expect(answer.code ?? 200, `the answer to ${name}'s forwarding`).is(200)
  }

  async receivesReport(name: string, text: string) {
    const report = await this.#phone(name).receiveReport(this.#idOf(text))
    this.stage.expect(report.code, `the report on ${text}`).is(200)
  }

  async receivesNothing(name: string) {
    const phone = this.#phone(name)
    await phone.fetchAll()
    this.stage
      .expect(
        phone.inbox.map(it => it.name),
        `what ${name} receives`,
      )
      .is([])
  }

  async show(name: string, other: string) {
    await (await this.#presence(name)).show(usual, { userIds: [this.#address(other)] })
  }

  async hide(name: string, other: string) {
    await (await this.#presence(name)).show([], { userIds: [this.#address(other)] })
  }

  async watch(name: string, other: string) {
    await (await this.#presence(name)).watch({ userIds: [this.#address(other)] })
  }

  async unwatch(name: string, other: string) {
    await (await this.#presence(name)).unwatch({ userIds: [this.#address(other)] })
  }

  async say(name: string, statusText: string) {
    await (await this.#presence(name)).say({ statusText })
  }

  async sees(name: string, other: string, state: string) {
    await (await this.#presence(name)).seesOnline({ userId: this.#address(other) }, state === 'online')
  }

  async reads(name: string, statusText: string, other: string) {
    await (await this.#presence(name)).sees({ userId: this.#address(other) }, 'statusText', statusText)
  }

  async doesNotRead(name: string, statusText: string, other: string) {
    const presence = await this.#presence(name)
    await presence.hearAll()
    const [read] = presence.sight.valuesOf({ userId: this.#address(other) }, 'statusText')
    this.stage.expect(read, `what ${name} reads of ${other}`).isNot(statusText)
  }

  /** The same phone, which agrees on presence as soon as that is needed. */
  async #presence(name: string): Promise<PresenceClient> {
    const phone = this.#phone(name)
    const known = this.#presences.get(name)
    if (known !== undefined) return known
    await phone.agree(services)
    needPresence(phone, this.stage)
    const client = new PresenceClient(phone)
    this.#presences.set(name, client)
    return client
  }

  #phone(name: string): Phone {
    return this.#phones.get(name) ?? fail(`${name} is not logged in`)
  }

  #said(name: string) {
    return this.#sent.get(name) ?? fail(`${name} has said nothing yet`)
  }

  #idOf(text: string): string {
    return this.#messageIds.get(text) ?? fail(`nobody has sent "${text}"`)
  }

  #address(name: string): string {
    const { accounts } = this.stage
    return name === 'Nobody' ? accounts.juliet.userId.replace(/^wv:/, 'wv:nobody-') : accounts[personOf(name)].userId
  }
}

const fail = (message: string): never => {
  throw new Error(`The story makes no sense: ${message}`)
}

const personOf = (name: string): Person => {
  const person = name.toLowerCase()
  return person === 'romeo' || person === 'juliet' ? person : fail(`who is ${name}?`)
}

/** The sentences a story can be told in. */
// biome-ignore format: a table, one line a sentence
const sentences: readonly (readonly [RegExp, (it: Telling, ...parts: any[]) => unknown])[] = [
  [/^(\w+) logs in with (1\.[123]) (XML|WBXML)( to be notified)?$/, (it, name, version, syntax, isToNotify) => it.logIn(name, version, syntax, isToNotify)],
  [/^(\w+) logs out$/, (it, name) => it.logOut(name)],
  [/^(\w+) sends "(.+)" to ([\w ]+?)( and asks for a report)?$/, (it, name, text, to, report) => it.send(name, text, to, report)],
  [/^(\w+) repeats the request$/, (it, name) => it.repeat(name)],
  [/^(\w+) is told (\d{3})(?:, with (\d{3}) for (\w+))?$/, (it, name, code, failure, who) => it.isTold(name, code, failure, who)],
  [/^(\w+) is told the same$/, (it, name) => it.isToldTheSame(name)],
  [/^(\w+) receives "(.+)" from (\w+)$/, (it, name, text, from) => it.receives(name, text, from)],
  [/^(\w+) is notified of "(.+)"$/, (it, name, text) => it.isNotified(name, text)],
  [/^(\w+) fetches "(.+)"$/, (it, name, text) => it.fetches(name, text)],
  [/^(\w+) rejects "(.+)"$/, (it, name, text) => it.rejects(name, text)],
  [/^(\w+) forwards "(.+)" to (\w+)$/, (it, name, text, to) => it.forwards(name, text, to)],
  [/^(\w+) receives a report on "(.+)"$/, (it, name, text) => it.receivesReport(name, text)],
  [/^(\w+) lets (\w+) see (?:him|her)$/, (it, name, other) => it.show(name, other)],
  [/^(\w+) hides from (\w+)$/, (it, name, other) => it.hide(name, other)],
  [/^(\w+) watches (\w+)$/, (it, name, other) => it.watch(name, other)],
  [/^(\w+) stops watching (\w+)$/, (it, name, other) => it.unwatch(name, other)],
  [/^(\w+) says of (?:him|her)self "(.+)"$/, (it, name, text) => it.say(name, text)],
  [/^(\w+) sees (\w+) (online|offline)$/, (it, name, other, state) => it.sees(name, other, state)],
  [/^(\w+) reads "(.+)" of (\w+)$/, (it, name, text, other) => it.reads(name, text, other)],
  [/^(\w+) does not read "(.+)" of (\w+)$/, (it, name, text, other) => it.doesNotRead(name, text, other)],
  [/^(\w+) receives nothing(?: more)?$/, (it, name) => it.receivesNothing(name)],
]

/**
 * Plays a story: one sentence a line; empty lines and lines that begin with # are for the reader.
 * @throws Missed told with the line where server and story part
 */
export async function perform(text: string, stage: Stage): Promise<void> {
  const telling = new Telling(stage)
  // What earlier plays left behind is no part of this one.
  for (const person of ['romeo', 'juliet'] as const) await clear(stage, person)
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim()
    if (words === '' || words.startsWith('#')) continue
    const [match, act] = find(words) ?? fail(`line ${index + 1}: ${words}`)
    try {
      await act(telling, ...match.slice(1))
    } catch (error) {
      if (error instanceof Error) error.message = `line ${index + 1}, "${words}": ${error.message}`
      throw error
    }
  }
}

const find = (words: string) => {
  for (const [pattern, act] of sentences) {
    const match = pattern.exec(words)
    if (match) return [match, act] as const
  }
  return undefined
}
