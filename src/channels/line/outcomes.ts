import { outcomesOf } from '../../desk/outcomes.ts';

/**
 * What LINE answers. 429 has several meanings, and 400 one of its own, that only the documented message of its body tells apart (api.ts).
 * Source: developers.line.biz/en/reference/messaging-api
 */
export const lineOutcomes = outcomesOf('line', [
  { seen: { errorCode: 'MonthlyLimit' }, certain: true, code: 'monthlyLimit' },
  { seen: { errorCode: 'CannotReceive' }, certain: true, code: 'cannotReceive' },
  { seen: { errorCode: 'NotAvailable' }, certain: true, code: 'notAvailable' },
  { seen: { socket: 'TokenUnavailable' }, certain: true, transient: true, code: 'noToken' },
  { seen: 404, certain: true, code: 'notFound' },
  { seen: 410, certain: true, code: 'gone' },
]);
