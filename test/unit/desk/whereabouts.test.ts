import type { Delivery } from '../../../src/desk/delivery.ts';
import { whereaboutsOf } from '../../../src/desk/whereabouts.ts';
import { aDelivery } from './entries.ts';

/** What lies under one id, by lane. `after`: what happens when that lane has been read. */
function lying(rows: Record<string, Partial<Delivery>>, after: Record<string, () => void> = {}) {
  const read = async (lane: string) => {
    const row = rows[lane];
    after[lane]?.();
    return row && { value: aDelivery(1, { lane, ...row }), version: '1' };
  };
  return { look: (...lanes: string[]) => whereaboutsOf('d1', lanes, { read }), rows };
}

const laneOf = (found: Awaited<ReturnType<typeof whereaboutsOf>>) =>
  typeof found === 'object' ? found.value.lane : found;

describe('where a delivery lies', () => {
  test('is the lane in which it is not handed over', async () => {
    expect(laneOf(await lying({ old: { state: 'delivered' } }).look('new', 'old'))).toBe('old');
    expect(laneOf(await lying({ old: { movedTo: 'new' }, new: {} }).look('new', 'old'))).toBe('new');
  });

  test('is found through every lane that it has left, whatever became of it there', async () => {
    const { look } = lying({
      first: { movedTo: 'second', state: 'discarded' },
      second: { movedTo: 'third', state: 'discarded' },
      third: { state: 'delivered' },
    });
    expect(laneOf(await look('first'))).toBe('third');
  });

  test('is nowhere when no lane has heard of it', async () => {
    expect(await lying({}).look('new', 'old')).toBeUndefined();
  });

  test('is on its way while it is marked and does not lie where it goes', async () => {
    expect(await lying({ old: { movedTo: 'new' } }).look('new', 'old')).toBe('onItsWay');
  });

  // Each lane was read once, the new one before it came there and the old one after it had left: it seemed never to have been.
  test('is on its way also when it is handed over between two looks', async () => {
    const { look, rows } = lying(
      { old: {} },
      {
        new: () => {
          rows.new = {};
          rows.old = { movedTo: 'new', state: 'discarded' };
        },
      },
    );
    expect(await look('new', 'old')).toBe('onItsWay');
    expect(laneOf(await look('new', 'old'))).toBe('new');
  });

  test('is looked for in no circle when it goes there and back', async () => {
    const { look, rows } = lying({ here: { movedTo: 'there', state: 'discarded' }, there: { movedTo: 'here' } });
    expect(await look('here', 'there')).toBe('onItsWay');
    rows.here = {};
    expect(laneOf(await look('there'))).toBe('here');
  });
});
