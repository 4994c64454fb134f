import type { Activity, TurnContext } from 'botbuilder';
import type { Drawn } from '../cards/card.ts';
import { helpCard } from '../cards/help.ts';
import type { Say } from '../src/text/text.ts';

/** Answers with a line of ours, as it stands: names in it are no markup. */
export async function tell(context: TurnContext, text: string): Promise<void> {
  await context.sendActivity({ type: 'message', text, textFormat: 'plain' });
}

/** Answers with a card; `more` goes beside it in the same activity. */
export async function show(context: TurnContext, drawn: Drawn, more: object = {}): Promise<void> {
  await context.sendActivity({ ...activityOf(drawn), ...more });
}

/** Puts another card in the place of the one that was clicked. */
export async function replaceClicked(context: TurnContext, drawn: Drawn): Promise<void> {
  if (context.activity.replyToId)
    await context.updateActivity({ ...activityOf(drawn), id: context.activity.replyToId });
}

/** Help, with up to three suggestions that Teams puts into the compose box, the bot mentioned and ready to be completed. */
export function help(context: TurnContext, say: Say, bot: string, heading?: string): Promise<void> {
  const { from, recipient } = context.activity;
  const actions = ['operator assign', 'operator link ', 'event '].map((command) => ({
    type: 'Action.Compose',
    title: command.trim(),
    value: {
      type: 'Teams.chatMessage',
      data: {
        body: { content: `<at id="0">${escaped(bot)}</at>&nbsp;${command}` },
        attachments: [],
        mentions: [{ id: 0, mentioned: { user: { displayName: bot, id: recipient.id } } }],
      },
    },
  }));
  return show(context, helpCard(say, bot, heading), { suggestedActions: { to: [from.id], actions } });
}

/** A card as what Teams is sent. */
export function activityOf({ card, summary }: Drawn): Partial<Activity> {
  return {
    type: 'message',
    summary,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  };
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
