import { type Outcomes, teamsOutcomes } from '../desk/outcomes.ts';
import type { Channel } from './channel.ts';
import { Karte, type KarteParts } from './karte/karte.ts';
import { karteOutcomes } from './karte/outcomes.ts';
import { Line, type LineParts } from './line/line.ts';
import { lineOutcomes } from './line/outcomes.ts';

/** What the channels are given, one entry a channel. */
export interface ChannelParts {
  karte: KarteParts;
  line: LineParts;
}

/** Every channel there is, by its name. */
export function channelsOf(parts: ChannelParts): ReadonlyMap<string, Channel> {
  const channels: Channel[] = [new Karte(parts.karte), new Line(parts.line)];
  return new Map(channels.map((channel) => [channel.name, channel]));
}

/** What every outside system answers: Teams, and then each channel. */
export const outcomeTables: readonly [Outcomes, ...Outcomes[]] = [teamsOutcomes, karteOutcomes, lineOutcomes];
