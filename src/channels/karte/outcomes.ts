import { outcomesOf } from '../../desk/outcomes.ts';

/** What KARTE answers. Source: its own client; nothing is written about its errors. */
export const karteOutcomes = outcomesOf('karte', [{ seen: 404, certain: true, code: 'notFound' }]);
