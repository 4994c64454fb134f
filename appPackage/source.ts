import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The part of the app manifest that the build reads or fills in; the rest travels unchanged. */
export interface Manifest {
  version: string;
  id: string;
  name: { short: string; full: string };
  developer: { name: string; websiteUrl: string; privacyUrl: string; termsOfUseUrl: string };
  icons: { color: string; outline: string };
  localizationInfo: {
    defaultLanguageFile: string;
    additionalLanguages: { languageTag: string; file: string }[];
  };
  bots: [{ botId: string; commandLists: { commands: { title: string; description: string }[] }[] }];
  validDomains: string[];
}

/** One language's texts by the JSONPath of the manifest's place they stand for. */
export type LanguageFile = Record<string, string>;

/** What lies in this folder, before anybody's settings are filled in. */
export interface PackageSource {
  manifest: Manifest;
  /** By file name, default language first. */
  languages: Record<string, LanguageFile>;
  /** PNG bytes by file name. */
  icons: Record<string, Uint8Array>;
}

/** Reads the manifest and every file it names. Throws the file system's error when one of them is missing. */
export function readPackageSource(folder = import.meta.dirname): PackageSource {
  const bytes = (file: string) => readFileSync(path.join(folder, file));
  const json = (file: string) => JSON.parse(bytes(file).toString('utf8'));
  const manifest: Manifest = json('manifest.json');
  const { defaultLanguageFile, additionalLanguages } = manifest.localizationInfo;
  const languageFiles = [defaultLanguageFile, ...additionalLanguages.map(({ file }) => file)];
  return {
    manifest,
    languages: Object.fromEntries(languageFiles.map((file) => [file, json(file)])),
    icons: Object.fromEntries(Object.values(manifest.icons).map((file) => [file, bytes(file)])),
  };
}
