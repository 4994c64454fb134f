import type { Drawn } from '../cards/card.ts';
import { overviewCard, type View, views } from '../cards/overview.ts';
import type { Whose } from '../src/desk/overview.ts';
import type { Say } from '../src/text/text.ts';
import { speaker } from '../src/text/text.ts';
import { replaceClicked } from './answers.ts';
import type { Facts, Tools } from './facts.ts';
import type { Press } from './presses.ts';

type Asker = Pick<Facts, 'deskId' | 'person'>;

/** A look over the desk. `mine` is what the person who asks is assigned to. */
export async function overviewOf(tools: Tools, asker: Asker, view: View, page: number, say: Say): Promise<Drawn> {
  const { desk } = tools;
  const settings = await desk.administration.read(asker.deskId);
  const overview = await desk.overviews.of(asker.deskId, await whoseOf(tools, asker, view));
  return overviewCard(settings, overview, view, page, say);
}

/** Another view or page takes the place of the one before it. What a click says may be made up: then it shows the first page of all. */
export function overviewPress(tools: Tools): Press {
  return async (context, presser, { view, page }) => {
    const wanted = views.find((known) => known === view) ?? 'all';
    const number = typeof page === 'number' && Number.isInteger(page) ? page : 1;
    await replaceClicked(context, await overviewOf(tools, presser, wanted, number, speaker(presser.locale)));
  };
}

async function whoseOf(tools: Tools, { deskId, person }: Asker, view: View): Promise<Whose> {
  if (view !== 'mine') return { kind: view };
  const link = await tools.desk.directory.link(deskId, { personId: person.id });
  return { kind: 'person', personId: person.id, operatorId: link?.operatorId };
}
