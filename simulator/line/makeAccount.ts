import { userIdOf } from './ids.ts';
import type { LineAccount } from './world.ts';

/** An account whose ids follow from its channel id. */
export function makeAccount(displayName: string, more: Partial<LineAccount> & { channelId: string }): LineAccount {
  return {
    channelSecret: `test-line-channel-secret-${more.channelId}`,
    accessToken: `test-line-access-token-${more.channelId}`,
    tokens: [],
    provider: 'test-provider',
    userId: userIdOf(`bot ${more.channelId}`),
    basicId: '@test-desk',
    displayName,
    chatMode: 'chat',
    webhook: { active: false, redelivery: false },
    quota: 200,
    used: 0,
    month: '',
    ...more,
  };
}
