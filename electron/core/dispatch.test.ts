import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../e2e/support/sandbox.ts';
import { type CallName, calls, type Implementation } from '../../shared/api.ts';
import { CodedError, errorKind, failureCodes, type Result, refusalCodes, usageCodes } from '../../shared/errors.ts';
import { newHome } from './clear/testing/home.ts';
import { dispatcher } from './dispatch.ts';

const codes: readonly string[] = [...refusalCodes, ...usageCodes, ...failureCodes];
const names = Object.keys(calls) as readonly CallName[];

/** Every call as a function that notes that it was reached. */
const noting = (answer: () => unknown = () => 'reached') => {
  const reached: [string, unknown][] = [];
  const methods = names.map((name) => [
    name,
    async (args: unknown) => {
      reached.push([name, args]);
      return answer();
    },
  ]);
  return { reached, dispatch: dispatcher(Object.fromEntries(methods) as unknown as Implementation) };
};

describe('the one way in', () => {
  it.each([
    '',
    'nothing',
    'List',
    'list ',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'then',
  ])('knows no call %j', async (name) => {
    const { reached, dispatch } = noting();
    expect(await dispatch(name, {})).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
    expect(reached).toEqual([]);
  });

  it.each([
    ['list', undefined],
    ['list', null],
    ['list', []],
    ['list', 'measure'],
    ['list', {}],
    ['list', { measure: 1 }],
    ['list', { measure: true, more: 1 }],
    ['list', { measure: true, tools: ['a', 1] }],
    ['undo', { operation: '/etc/passwd' }],
    ['undo', { operation: 'o_../../x' }],
    ['undo', { operation: 'p_0123456789abcdef' }],
    ['clear', { plan: 'p_0123456789abcdef' }],
    ['clear', { plan: 'p_0123456789abcdef', evenIfInUse: false, undoWindowMs: -1 }],
    ['clear', { plan: 'p_0123456789abcdef', evenIfInUse: false, undoWindowMs: 0.5 }],
    ['clear', { plan: 'p_0123456789abcdef', evenIfInUse: false, path: '/home' }],
    ['plan', { targets: [], measure: false }],
    ['plan', { targets: [{ path: '/home' }], measure: false }],
    ['plan', { targets: [{ cache: 'c_0123456789ab', unit: 'u_0123456789ab' }], measure: false }],
    ['clean', { which: 'all' }],
    ['clean', { which: [] }],
    ['add', { path: '', isCache: true }],
    ['history', { state: 'intent' }],
    ['history', { limit: Number.NaN }],
  ])('does not let %s through with %j', async (name, args) => {
    const { reached, dispatch } = noting();
    expect(await dispatch(name, args)).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
    expect(reached).toEqual([]);
  });

  it.each([
    '{"__proto__":{"measure":true}}',
    '{"measure":true,"__proto__":{"x":1}}',
    '{"measure":true,"constructor":{"prototype":{"x":1}}}',
  ])('takes no prototype for an argument: %s', async (json) => {
    const { reached, dispatch } = noting();
    expect(await dispatch('list', JSON.parse(json))).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
    expect(reached).toEqual([]);
    expect(({} as { x?: number }).x).toBe(undefined);
  });

  it('hands over exactly what was parsed', async () => {
    const { reached, dispatch } = noting();
    expect(await dispatch('recover', { now: true })).toEqual({ ok: true, value: 'reached' });
    expect(reached).toEqual([['recover', { now: true }]]);
  });

  it('answers with the error of a call, by its code', async () => {
    const coded = noting(() => {
      throw new CodedError({ code: 'changed', message: 'look again', path: '/x', detail: 'd' });
    });
    expect(await coded.dispatch('doctor', {})).toEqual({
      ok: false,
      error: { code: 'changed', message: 'look again', path: '/x', detail: 'd' },
    });
    const system = noting(() => fs.readFileSync('/nowhere/at/all'));
    expect(await system.dispatch('doctor', {})).toEqual({
      ok: false,
      error: { code: 'io', message: expect.stringContaining('ENOENT'), path: '/nowhere/at/all' },
    });
    const mistake = noting(() => {
      throw new TypeError('x is not a function');
    });
    expect(await mistake.dispatch('doctor', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
  });
});

describe('hostile calls to the whole program', () => {
  it('two thousand of them end with a typed answer, and nothing on the disk changes', async () => {
    const { home, unit, open } = newHome();
    const inspector = await open();
    const before = fingerprint(home);
    const call = inspector.call as (name: string, args: unknown) => Promise<Result<unknown>>;
    const ids = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc
        .constantFrom('c_', 'u_', 'p_', 'o_', 'l_')
        .chain((prefix) => fc.stringMatching(/^[0-9a-f]{12,32}$/).map((hex) => prefix + hex)),
      fc.constantFrom(unit, '/', home, '..', '__proto__', 'constructor', '\0', 'pip-tools/../..', 'pip-tools/pkgs'),
    );
    const targets = fc.array(fc.oneof(fc.record({ cache: ids }), fc.record({ unit: ids }), fc.record({ path: ids })), {
      maxLength: 3,
    });
    const keys = [
      'cache',
      'unit',
      'plan',
      'operation',
      'text',
      'path',
      'which',
      'filter',
      '__proto__',
      'constructor',
      'prototype',
    ];
    // Words that are right for one call or another, mixed: what fits by accident may be carried out.
    const mixed = fc.dictionary(fc.constantFrom(...keys), fc.oneof(ids, fc.anything({ maxDepth: 1 })), { maxKeys: 4 });
    const near = fc
      .record(
        {
          targets,
          measure: fc.boolean(),
          evenIfInUse: fc.boolean(),
          undoWindowMs: fc.nat(),
          plan: ids,
          operation: ids,
          text: ids,
        },
        { requiredKeys: [] },
      )
      .chain((all) => fc.subarray(Object.entries(all)).map((some) => Object.fromEntries(some)));
    const name = fc.oneof(
      fc.constantFrom(...names),
      fc.string({ maxLength: 12 }),
      fc.constantFrom('__proto__', 'constructor', 'toString'),
    );
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.oneof(near, mixed, fc.anything({ maxDepth: 2, withNullPrototype: true })),
        async (called, args) => {
          const answer = await call(called, args);
          if (answer.ok) return;
          expect(codes).toContain(answer.error.code);
          expect(answer.error.code).not.toBe('internal');
          expect(errorKind(answer.error.code)).toMatch(/refusal|usage|failure/);
          expect(answer.error.message).not.toBe('');
        },
      ),
      { numRuns: 2000 },
    );
    expect(fingerprint(home)).toBe(before);
    expect(fs.readdirSync(path.dirname(unit))).toEqual(['pkgs']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 120_000);
});
