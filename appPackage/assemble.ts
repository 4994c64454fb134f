import { strToU8, zipSync } from 'fflate';
import { type Locale, sentences } from './sentences.ts';
import type { PackageSettings } from './settings.ts';
import type { Manifest, PackageSource } from './source.ts';

const MAX_LISTS = 3;
const MAX_COMMANDS = 12;

/**
 * One line for everything in the source that Teams would refuse at upload, or show untranslated; none when all is well.
 * Limits: https://learn.microsoft.com/microsoft-365/extensibility/schema/root-bots-command-lists
 */
export function brokenLimits({ manifest, languages }: PackageSource, locale: Locale): string[] {
  const say = sentences[locale];
  const lists = manifest.bots[0].commandLists;
  const keys = lists.flatMap(({ commands }, list) =>
    commands.flatMap((_, at) =>
      ['title', 'description'].map((field) => `bots[0].commandLists[${list}].commands[${at}].${field}`),
    ),
  );
  return [
    ...(lists.length > MAX_LISTS ? [say.tooManyLists(lists.length)] : []),
    ...lists.flatMap(({ commands }, at) =>
      commands.length > MAX_COMMANDS ? [say.tooManyCommands(at + 1, commands.length)] : [],
    ),
    ...Object.entries(languages).flatMap(([file, texts]) =>
      keys.filter((key) => !texts[key]).map((key) => say.untranslated(file, key)),
    ),
  ];
}

/** Fills the settings into the source. `version` is the product's, so that an update of one is an update of the other. */
export function fillIn(source: PackageSource, settings: PackageSettings, version: string): PackageSource {
  const { appId, botId, name, host, developer } = settings;
  const [bot] = source.manifest.bots;
  // A function, because a name may hold `$&`, which a plain replacement string would expand.
  const full = (text = '') => text.replace(source.manifest.name.short, () => name);
  const manifest: Manifest = {
    ...source.manifest,
    version,
    id: appId,
    name: { short: name, full: full(source.manifest.name.full) },
    developer,
    bots: [{ ...bot, botId }],
    validDomains: [host],
  };
  const languages = Object.fromEntries(
    Object.entries(source.languages).map(([file, texts]) => [
      file,
      { ...texts, 'name.short': name, 'name.full': full(texts['name.full']) },
    ]),
  );
  return { ...source, manifest, languages };
}

/** The zip that Teams takes: every file at the root, the same bytes for the same input. */
export function zipPackage({ manifest, languages, icons }: PackageSource): Uint8Array {
  const text = (json: unknown) => strToU8(`${JSON.stringify(json, null, 2)}\n`);
  const files = {
    'manifest.json': text(manifest),
    ...icons,
    ...Object.fromEntries(Object.entries(languages).map(([file, texts]) => [file, text(texts)])),
  };
  // A zip holds local time without a zone: the first moment it can express, made of local parts, is the same everywhere.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}
