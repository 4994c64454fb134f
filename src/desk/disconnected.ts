import type { ChannelPort } from './ports.ts';

/** A channel whose connection is gone: nothing can be asked of it any more. Every ability is missing, so that what the desk keeps by itself still works. */
export function disconnected(channel: ChannelPort): ChannelPort {
  const refused = { kind: 'refused', code: 'connection.disconnected', transient: false } as const;
  return {
    name: channel.name,
    capabilities: channel.capabilities,
    form: channel.form,
    hookPath: (connectionId) => channel.hookPath(connectionId),
    send: async () => refused,
    checkCredentials: (given) => channel.checkCredentials(given),
    consoleUrl: channel.consoleUrl?.bind(channel),
  };
}
