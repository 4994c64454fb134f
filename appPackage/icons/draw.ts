import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const ICONS = [
  { name: 'color', size: 192 },
  { name: 'outline', size: 32 },
] as const;

/**
 * Draws the two PNG icons of the package again from their SVG sources: `node appPackage/icons/draw.ts <path of a chromium>`.
 * The PNGs are kept in the repository, so that building the package needs no browser.
 */
async function drawIcons(executablePath: string): Promise<void> {
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    for (const { name, size } of ICONS) {
      const svg = await readFile(path.join(import.meta.dirname, `${name}.svg`), 'utf8');
      await page.setViewport({ width: size, height: size, deviceScaleFactor: 1 });
      await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
      const png = await page.screenshot({ omitBackground: true });
      await writeFile(path.join(import.meta.dirname, '..', `${name}.png`), png);
    }
  } finally {
    await browser.close();
  }
}

const executablePath = process.argv[2];
if (!executablePath) throw new Error('Name a chromium: node appPackage/icons/draw.ts <path>');
await drawIcons(executablePath);
