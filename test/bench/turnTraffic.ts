import { randomUUID } from 'node:crypto';
import { BOT, TEAM, TENANT } from './benchDesk.ts';
import type { Sent } from './hookTraffic.ts';

/** An operator's reply with the bot mentioned, as Teams sends it: text, html copy and entities. */
export function turn(number: number, { serviceUrl, threadId }: { serviceUrl: string; threadId: string }): Sent {
  const now = new Date().toISOString();
  const body = JSON.stringify({
    text: `<at>${BOT.name}</at> bench ${number}\n`,
    textFormat: 'plain',
    attachments: [
      {
        contentType: 'text/html',
        content: `<p><span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">${BOT.name}</span>&nbsp;bench ${number}</p>`,
      },
    ],
    type: 'message',
    timestamp: now,
    localTimestamp: now,
    id: randomUUID(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: '29:bench-operator', name: 'Bench Operator', aadObjectId: 'bench-operator' },
    conversation: { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: threadId },
    recipient: BOT,
    entities: [
      { mentioned: BOT, text: `<at>${BOT.name}</at>`, type: 'mention' },
      { locale: 'en-US', country: 'US', platform: 'Web', timezone: 'Asia/Tokyo', type: 'clientInfo' },
    ],
    channelData: {
      teamsChannelId: TEAM,
      teamsTeamId: TEAM,
      channel: { id: TEAM },
      team: { id: TEAM },
      tenant: { id: TENANT },
    },
    locale: 'en-US',
  });
  return { body, headers: { 'content-type': 'application/json' } };
}
