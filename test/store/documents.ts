import type { Delivery } from '../../src/desk/delivery.ts';
import type { DeskSettings, OperatorLink } from '../../src/desk/settings.ts';

let count = 0;

/** A delivery nobody else has; two tests never meet in one lane. */
export function aDelivery(changes: Partial<Delivery> = {}): Delivery {
  const order = ++count;
  return {
    id: `delivery-${order}`,
    lane: `lane-${order}`,
    conversationId: 'conversation',
    order,
    toward: 'teams',
    content: {
      type: 'message',
      message: { author: { kind: 'endUser' }, parts: [{ kind: 'text', text: 'はじめまして' }], at: 1 },
    },
    state: 'open',
    attempts: 0,
    createdAt: order,
    ...changes,
  };
}

export function aDesk(changes: Partial<DeskSettings> = {}): DeskSettings {
  const number = ++count;
  return {
    id: `19:desk${number}@thread.tacv2`,
    tenantId: 'tenant',
    serviceUrl: 'https://smba.example/jp/',
    botId: '28:test-bot',
    botName: 'KARTE',
    admins: [],
    rooms: [],
    createdAt: number,
    ...changes,
  };
}

export function aLink(changes: Partial<OperatorLink> = {}): OperatorLink {
  const number = ++count;
  return {
    id: `person-${number}`,
    deskId: `desk-${number}`,
    person: { id: `person-${number}`, name: '佐藤 美咲' },
    operatorId: `operator-${number}`,
    linkedAt: number,
    ...changes,
  };
}

/** A name for a partition or a search that no other test uses. */
export function fresh(word: string): string {
  return `${word}-${++count}`;
}
