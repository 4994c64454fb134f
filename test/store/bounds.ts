import type { Query, Versioned } from '../../src/desk/ports.ts';
import type { Store } from '../../src/store/store.ts';
import { aDelivery, fresh } from './documents.ts';

const ids = (found: Versioned<{ id: string }>[]) => found.map(({ value }) => value.id);

/** How every store takes the bounds of a search. */
export function keepsWithinBounds(store: () => Store): void {
  test('find keeps within bounds of the sort field, both ends included', async () => {
    const lane = fresh('lane');
    const all = Array.from({ length: 5 }, () => aDelivery({ lane }));
    const [a, b, c, d, e] = all.map(({ id, order }) => ({ id, order }));
    if (!a || !b || !c || !d || !e) throw new Error('there are five');
    for (const delivery of all) await store().deliveries.insert(delivery);
    const within = async (query: Query) => ids(await store().deliveries.find({ partition: lane, ...query }));
    expect(await within({ from: c.order })).toEqual([c.id, d.id, e.id]);
    expect(await within({ to: b.order })).toEqual([a.id, b.id]);
    expect(await within({ from: b.order, to: d.order, order: 'descending' })).toEqual([d.id, c.id, b.id]);
    expect(await within({ from: b.order, limit: 1 })).toEqual([b.id]);
    expect(await within({ from: b.order, to: a.order })).toEqual([]);
    expect(await within({ from: a.order + 0.5, to: e.order - 0.5 })).toEqual([b.id, c.id, d.id]);
    expect(await within({ where: { state: 'parked' }, from: a.order })).toEqual([]);
  });

  test('a document without the sort field is never within bounds, whichever they are', async () => {
    const [due, never] = [fresh('lane'), fresh('lane')];
    await store().lanes.insert({ id: due, clean: true, due: 5_000_000 });
    await store().lanes.insert({ id: never, clean: true });
    const within = async (query: Query) =>
      ids(await store().lanes.find(query)).filter((id) => id === due || id === never);
    for (const query of [{ from: 0 }, { to: 5_000_000 }, { from: 0, to: 1e15 }, { from: Number.MIN_SAFE_INTEGER }])
      expect(await within(query)).toEqual([due]);
    expect(await within({ from: 0, to: 4_999_999 })).toEqual([]);
  });

  test('a document that loses its sort field leaves the bounds, and comes back with it', async () => {
    const id = fresh('lane');
    const within = async () => ids(await store().lanes.find({ from: 6_000_000, to: 6_000_009 }));
    const first = await store().lanes.insert({ id, clean: true, due: 6_000_001 });
    expect(await within()).toEqual([id]);
    const second = await store().lanes.replace({ id, clean: true, due: undefined }, first?.version ?? '');
    expect(await within()).toEqual([]);
    await store().lanes.replace({ id, clean: true, due: 6_000_009 }, second?.version ?? '');
    expect(await within()).toEqual([id]);
    await store().lanes.remove(id, id);
  });
}
