'use strict';
// For tests only: what asar-fs.mjs kept of Node's own fs.
module.exports = globalThis[Symbol.for('cache-inspector: original-fs')];
