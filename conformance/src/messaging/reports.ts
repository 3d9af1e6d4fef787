import type { Answer } from '../answer.ts'
import { pause } from '../phone.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { couple, sendText } from './send.ts'

/** How long a server may take to find that the time of a message is over. */
const mostSeconds = 15

/** Delivery reports (CSP 9.1.9). */
export const reports: readonly Scenario[] = [
  scenario('IMSE-S-009', '9.1.9.1', 'A sender who asked is told that the message has arrived', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('Tell me when')
    const messageId = await sendText(romeo, juliet, text, { report: true })
    await juliet.receiveMessage(text)
    const report = await romeo.receiveReport(messageId)
    stage.expect(report.code, 'the result').is(200)
    const { messageInfo } = report.as('DeliveryReportRequest')
    const [recipient] = messageInfo.recipient.users
    stage.expect(recipient?.userId.toLowerCase(), 'the recipient').is(juliet.account.userId.toLowerCase())
  }),

  scenario('IMSE-S-009', '9.1.9.1', 'No report comes before the recipient has acknowledged', async stage => {
    const { romeo, juliet } = await couple(stage)
    await sendText(romeo, juliet, stage.unique('Not yet'), { report: true })
    await juliet.poll()
    await romeo.fetchAll()
    stage.expect(romeo.inbox.filter(it => it.name === 'DeliveryReportRequest').length, 'the number of reports').is(0)
  }),

  scenario('IMSE-S-009', '9.1.9.1', 'A sender who did not ask gets no report', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('No need to tell')
    await sendText(romeo, juliet, text)
    await juliet.receiveMessage(text)
    await romeo.fetchAll()
    stage.expect(romeo.inbox.filter(it => it.name === 'DeliveryReportRequest').length, 'the number of reports').is(0)
  }),

  scenario('IMSE-S-009', '9.1.9.2', 'A sender may be told that the time of a message is over', async stage => {
    const { romeo, juliet } = await couple(stage)
    await juliet.logout()
    const messageId = await sendText(romeo, juliet, stage.unique('Too late'), { report: true, info: { validity: 1 } })
    const isReport = (it: Answer) =>
      it.name === 'DeliveryReportRequest' && it.as('DeliveryReportRequest').messageInfo.messageId === messageId
    for (let second = 0; second < mostSeconds && !romeo.inbox.some(isReport); second++) {
      await pause(1000)
      await romeo.fetchAll()
    }
    const report = romeo.inbox.find(isReport)
    if (report === undefined) return stage.skip('the server does not report it soon, as CSP 5.6.4.2 and 9.1.9.1 allow')
    stage.expect(report.code, 'the result').is(542)
  }),
]
