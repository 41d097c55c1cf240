#!/usr/bin/env node
'use strict';
/*
 * Runs a script of this program on Node 24, whatever Node the machine has:
 *
 *   node build/launch.cjs electron/cli/main.ts list      that script
 *   cache-inspector list                                 the terminal door (no script named)
 *
 * Written in old JavaScript on purpose: a Node that is too old must be able to read this far, and to say so.
 */
var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');
var url = require('url');

var needed = 24;
var root = path.resolve(__dirname, '..');
var door = path.join('electron', 'cli', 'main.ts');

/** The script that is meant; its compiled twin in out/ where the sources are not (an installed package). */
function resolveScript(named) {
  var candidates = [path.join(root, named), path.join(root, 'out', named.replace(/\.ts$/, '.js'))];
  // The terminal door is only ever this package's own, wherever the person stands.
  if (named !== door) candidates.unshift(path.resolve(named));
  for (var i = 0; i < candidates.length; i += 1) {
    if (fs.existsSync(candidates[i])) return candidates[i];
  }
  return null;
}

/** The Node that `npm ci` brought along, or null. */
function bundledNode() {
  var file = process.platform === 'win32' ? 'node.exe' : 'node';
  var binary = path.join(root, 'node_modules', 'node', 'bin', file);
  return fs.existsSync(binary) ? binary : null;
}

function stop(lines) {
  process.stderr.write(lines.join('\n') + '\n');
  process.exitCode = 1;
}

/** Node 24 before 24.15 warns that node:sqlite is experimental. That is no news for who runs this program. */
function withoutSqliteWarning() {
  var emitWarning = process.emitWarning;
  process.emitWarning = function (warning, type) {
    var kind = type && typeof type === 'object' ? type.type : type;
    if (kind === 'ExperimentalWarning' && /SQLite/i.test(String(warning))) return;
    emitWarning.apply(process, arguments);
  };
}

/**
 * From source, Node strips the types at every start and in every thread: remembered in node_modules it does so once.
 * The variable is for threads and helpers. Never a shared place such as /tmp: what is kept there is run.
 */
function rememberCompiled() {
  var modules = path.join(root, 'node_modules');
  if (process.env.NODE_COMPILE_CACHE || !fs.existsSync(modules)) return;
  process.env.NODE_COMPILE_CACHE = path.join(modules, '.cache', 'cache-inspector');
}

function runHere(script, args) {
  withoutSqliteWarning();
  rememberCompiled();
  if (process.env.NODE_COMPILE_CACHE) require('module').enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv = [process.argv[0], script].concat(args);
  // Not written as `import()`, which a Node that is too old could not even read.
  var load = new Function('specifier', 'return import(specifier)');
  load(url.pathToFileURL(script).href).catch((error) => {
    stop([String((error && error.stack) || error)]);
  });
}

function runWith(node, script, args) {
  rememberCompiled();
  var flags = ['--disable-warning=ExperimentalWarning'];
  var child = childProcess.spawn(node, flags.concat([script], args), { stdio: 'inherit' });
  var pass = {};
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
    pass[signal] = () => {
      child.kill(signal);
    };
    process.on(signal, pass[signal]);
  });
  child.on('error', (error) => {
    stop(['Cache Inspector could not start ' + node + ': ' + error.message]);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    // End as the child ended, so that whoever waits for us sees the same.
    Object.keys(pass).forEach((name) => {
      process.removeListener(name, pass[name]);
    });
    process.kill(process.pid, signal);
  });
}

function main() {
  var args = process.argv.slice(2);
  var named = args.length > 0 && /\.[cm]?[jt]s$/.test(args[0]) ? args.shift() : door;
  var script = resolveScript(named);
  if (script === null) {
    stop(['Cache Inspector: there is no ' + named + ' in ' + root + '.', 'In a checkout: npm run build']);
    return;
  }
  if (Number(process.versions.node.split('.')[0]) >= needed) {
    runHere(script, args);
    return;
  }
  var node = bundledNode();
  if (node !== null) {
    runWith(node, script, args);
    return;
  }
  stop([
    'Cache Inspector needs Node ' + needed + ' or newer; this is Node ' + process.versions.node + '.',
    'In a checkout, `npm ci` brings its own Node along. If it did and this still appears, install scripts are',
    'switched off: run `npm ci --ignore-scripts=false`. Otherwise install a newer Node from https://nodejs.org.',
  ]);
}

main();
