import type { Desk } from '../../src/desk/desk.ts';

/** The one desk that everything is measured with. */
export const TEAM = '19:bench@thread.tacv2';
export const API_KEY = 'test-bench-api-key';
export const CLIENT_SECRET = 'test-bench-client-secret';
export const BOT = { id: '28:bench', name: 'KARTE' };
export const TENANT = 'bench';
/** How many end users write. */
export const USERS = 100;

/** Installs the app in the team and connects it to KARTE. */
export async function setUpDesk({ administration, connections }: Desk, serviceUrl: string): Promise<void> {
  await administration.installed({ id: TEAM, tenantId: TENANT, serviceUrl, botId: BOT.id, botName: BOT.name });
  await connections.connect(TEAM, { id: 'bench-admin', name: 'Bench' }, TEAM, {
    channel: 'karte',
    account: API_KEY,
    settings: { botId: 'bot-bench' },
    secrets: { accessToken: 'test-bench', clientSecret: CLIENT_SECRET },
  });
}
