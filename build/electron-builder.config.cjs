'use strict';
/*
 * What electron-builder makes of out/. Run by build/pack.cjs.
 *
 *   ELECTRON_OVERRIDE_DIST_PATH   an unpacked Electron to use; without it electron-builder downloads one
 */

/** Not ours to promise yet: .deb wants an address and somebody who answers. Replace both before publishing. */
const homepage = 'https://cache-inspector.invalid';
const maintainer = 'Cache Inspector <nobody@cache-inspector.invalid>';

/** @type {import('electron-builder').Configuration} */
module.exports = {
  // Also in electron/desktop/identity.ts: Windows goes by it.
  appId: 'dev.cache-inspector.app',
  productName: 'Cache Inspector',
  copyright: 'MIT License',
  directories: { output: 'dist', buildResources: 'build/icons' },
  extraMetadata: { homepage, desktopName: 'cache-inspector.desktop' },
  ...(process.env.ELECTRON_OVERRIDE_DIST_PATH ? { electronDist: process.env.ELECTRON_OVERRIDE_DIST_PATH } : {}),

  // The compiled program and the page; electron-builder adds the production dependencies and package.json itself.
  files: [
    'out/electron/**/*.{js,cjs}',
    'out/shared/**/*.js',
    'out/page/**/*',
    '!out/electron/desktop/preload.js',
    '!out/electron/{cli,serve}/**',
    '!**/*.map',
    '!node_modules/**/*.{ts,mts,cts,map,md,markdown}',
    '!node_modules/**/{test,tests,__tests__,example,examples,docs}/**',
    '!node_modules/zod/src/**',
    // Only the terminal and the browser door use them.
    '!node_modules/{commander,ws}/**',
  ],
  asar: true,
  npmRebuild: false,
  electronLanguages: ['en', 'en-US'],

  /*
   * A packaged program is nobody's Node and takes no code from outside its archive.
   * https://www.electronjs.org/docs/latest/tutorial/fuses
   */
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    // Playwright cannot drive a program without it: the smoke test of the workflow packs one that has it.
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    grantFileProtocolExtraPrivileges: false,
  },

  linux: {
    target: ['AppImage', 'deb', 'tar.gz'],
    executableName: 'cache-inspector',
    category: 'Development;System',
    synopsis: 'Shows and safely clears developer caches',
    maintainer,
    icon: 'build/icons',
    desktop: {
      entry: {
        Name: 'Cache Inspector',
        Comment: 'See what developer tools have cached, and clear it safely',
        Keywords: 'cache;disk;space;clean;npm;pip;',
        StartupWMClass: 'cache-inspector',
      },
    },
  },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.developer-tools',
    icon: 'build/icons/512x512.png',
    // Signing and notarising need an account: unsigned until there is one.
    identity: null,
  },
  win: { target: ['nsis', 'zip'], icon: 'build/icons/256x256.png' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};
