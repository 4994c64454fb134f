import type { Client } from '../state.ts';

/** What this browser looks at: chosen customer, person, Teams channel. Kept for the next visit; nobody else sees it. */
export interface View {
  /** Which customers are shown. */
  channel: 'karte' | 'line';
  customerId: string | undefined;
  lineCustomerId: string | undefined;
  personId: string | undefined;
  channelId: string | undefined;
  /** Which side a phone shows. */
  tab: 'customer' | 'teams';
  client: Client;
  tourClosed: boolean;
  /** Page URL each customer is on. */
  pages: Record<string, string>;
  /** Teams channel id that the shop's page names in `ms_teams.channel`, for each customer. */
  metadata: Record<string, string>;
}

const storageKey = 'madoguchi.view';
const initial: View = {
  channel: 'karte',
  customerId: undefined,
  lineCustomerId: undefined,
  personId: undefined,
  channelId: undefined,
  tab: 'customer',
  client: 'desktop',
  tourClosed: false,
  pages: {},
  metadata: {},
};

let current: View = { ...initial, ...stored() };
const listeners: (() => void)[] = [];

function stored(): Partial<View> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}');
  } catch {
    return {}; // Unreadable choices are worth nothing: begin with the defaults.
  }
}

export const view = (): Readonly<View> => current;

/** Changes what is looked at and draws the page again. */
export function look(change: Partial<View>): void {
  current = { ...current, ...change };
  localStorage.setItem(storageKey, JSON.stringify(current));
  for (const listener of listeners) listener();
}

export function onLook(listener: () => void): void {
  listeners.push(listener);
}
