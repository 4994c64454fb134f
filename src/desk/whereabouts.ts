import type { Delivery } from './delivery.ts';
import type { Records, Versioned } from './ports.ts';

/** A delivery where it lies now; `onItsWay`: it was handed over, and is not to be seen where it went (yet). */
export type Whereabouts = Versioned<Delivery> | 'onItsWay' | undefined;

/** Looks for a delivery in these lanes, and follows it from where it was handed over with a conversation that moved. */
export async function whereaboutsOf(
  id: string,
  lanes: Iterable<string>,
  deliveries: Pick<Records['deliveries'], 'read'>,
): Promise<Whereabouts> {
  let left = false;
  // What is added on the way is looked at as well, each lane once: what went there and back leads round in no circle.
  const looked = new Set(lanes);
  for (const lane of looked) {
    const found = await deliveries.read(lane, id);
    if (!found) continue;
    const { movedTo } = found.value;
    if (movedTo === undefined) return found;
    left = true;
    looked.add(movedTo);
  }
  return left ? 'onItsWay' : undefined;
}
