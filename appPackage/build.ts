import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadEnvFile } from '../src/config.ts';
import { brokenLimits, fillIn, zipPackage } from './assemble.ts';
import { localeOf, readPackageSettings } from './settings.ts';
import { readPackageSource } from './source.ts';

const PROJECT = path.join(import.meta.dirname, '..');

/**
 * `npm run package`: writes `dist/madoguchi-<version>.zip` for upload to Teams and prints where it is. Another folder can be
 * named as the first argument. Every setting or limit that is not met gives one line, and exit code 1.
 */
function build(env: NodeJS.ProcessEnv, folder = path.join(PROJECT, 'dist')): void {
  const source = readPackageSource();
  const reading = readPackageSettings(env);
  const broken = [...(reading.ok ? [] : reading.lines), ...brokenLimits(source, localeOf(env))];
  if (!reading.ok || broken.length > 0) {
    process.stderr.write(`${broken.join('\n')}\n`);
    process.exitCode = 1;
    return;
  }
  const { version } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));
  const file = path.join(folder, `madoguchi-${version}.zip`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, zipPackage(fillIn(source, reading.settings, version)));
  process.stdout.write(`${path.relative(PROJECT, path.resolve(file))}\n`);
}

loadEnvFile();
build(process.env, process.argv[2]);
