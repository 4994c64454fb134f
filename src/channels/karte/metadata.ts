/** Where the widget's metadata may stand: KARTE's pages do not say, so each of these is looked at. */
const HOLDERS = ['data', 'data.content', 'extra'] as const;
const KEYS = ['metadata', 'custom_metadata'] as const;

/** The Teams channel that the widget asked for with `chat.setMetadata("ms_teams", {channel})`, decoded, and where it stood. */
export interface RoomWish {
  room: string;
  place: string;
}

/** Looks for the wish in every place. The value comes from a browser: whoever uses it checks it against the team's own list. */
export function roomWish(body: unknown): RoomWish | undefined {
  for (const holder of HOLDERS) {
    const held = holder.split('.').reduce<unknown>((value, key) => field(value, key), body);
    for (const key of KEYS) {
      const channel = field(parsed(field(parsed(field(held, key)), 'ms_teams')), 'channel');
      if (typeof channel === 'string' && channel !== '') return { room: decoded(channel), place: `${holder}.${key}` };
    }
  }
  return undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** Metadata may arrive as an object or as its JSON text. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Teams' "get link to channel" gives the id percent-encoded; people paste it either way. */
function decoded(channel: string): string {
  try {
    return decodeURIComponent(channel.trim());
  } catch {
    return channel.trim();
  }
}
