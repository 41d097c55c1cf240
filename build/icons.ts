import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import bundled from '@sparticuz/chromium';

/**
 * Draws build/icon.svg in every size that electron-builder wants, with the Chromium that npm brought along:
 * `npm run icons`, after the picture was changed. The results are kept with the sources.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const sizes = [16, 32, 48, 64, 128, 256, 512];

const picture = await readFile(join(here, 'icon.svg'), 'utf8');
await mkdir(join(here, 'icons'), { recursive: true });
const browser = await chromium.launch({
  executablePath: await bundled.executablePath(),
  args: ['--no-sandbox', '--no-zygote', '--force-color-profile=srgb'],
});
try {
  const page = await browser.newPage();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${picture}`);
    await writeFile(join(here, 'icons', `${size}x${size}.png`), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
