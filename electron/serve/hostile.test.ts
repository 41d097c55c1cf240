import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../e2e/support/sandbox.ts';
import { calls } from '../../shared/api.ts';
import { failureCodes, refusalCodes, usageCodes } from '../../shared/errors.ts';
import { newHome } from '../core/clear/testing/home.ts';
import { answerTo, connectPeer, openDoor } from './testing/door.ts';

const codes: readonly string[] = [...refusalCodes, ...usageCodes, ...failureCodes];
const names = Object.keys(calls);
const batch = 500;

/** Arguments that are wrong in every way, and some that fit by accident: those name nothing that is there. */
const hostile = (home: string, unit: string) => {
  const hex = fc.stringMatching(/^[0-9a-f]{12,32}$/);
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.tuple(fc.constantFrom('c_', 'u_', 'p_', 'o_', 'l_', 'v_', 'e_'), hex).map(([prefix, id]) => prefix + id),
    fc.constantFrom(unit, home, '/', '..', '~', '\0', '__proto__', 'pip-tools/../..', 'pip-tools', 'C:\\', '/dev/sda'),
  );
  const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, 1e308, 2 ** 53, 0.5));
  const target = fc.oneof(fc.record({ cache: word }), fc.record({ unit: word }), fc.record({ path: word }));
  const keys = new Set(['__proto__', 'constructor', 'prototype', 'then', 'toString', 'path', 'door']);
  for (const { args } of Object.values(calls)) for (const key of Object.keys(args.shape)) keys.add(key);
  const anything = fc.oneof(word, number, fc.boolean(), fc.constant(null), fc.array(target, { maxLength: 3 }), target);
  const near = fc.dictionary(fc.constantFrom(...keys), fc.oneof(anything, fc.anything({ maxDepth: 1 })), {
    maxKeys: 5,
  });
  const fitting = fc.constantFrom(...names).chain((call) => {
    const shape = Object.keys(calls[call as keyof typeof calls].args.shape);
    return fc.record(Object.fromEntries(shape.map((key) => [key, anything]))).map((args) => ({ call, args }));
  });
  const call = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 100 }), fc.constantFrom('__proto__', 'then'));
  return fc.oneof(fitting, fc.record({ call, args: fc.oneof(near, fc.anything({ maxDepth: 2 })) }));
};

/** As a page would have to write it. */
const asJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

describe('ten thousand hostile calls through the WebSocket', () => {
  it('end with typed errors, and nothing of the person has changed', async () => {
    const { home, unit, open } = newHome();
    const door = await openDoor(await open());
    const cookie = await door.enter();
    const peer = await connectPeer(door, cookie);
    const before = fingerprint(home);
    const generated = fc.sample(hostile(home, unit), { numRuns: 10_000, seed: 20_261_123 });
    const errors = new Set<string>();
    for (let from = 0; from < generated.length; from += batch) {
      const some = generated.slice(from, from + batch);
      for (const [index, { call, args }] of some.entries()) {
        peer.socket.send(asJson({ id: from + index, call, args: args === undefined ? null : args }));
      }
      for (const index of some.keys()) {
        const result = await answerTo(peer, from + index);
        if (result.ok) continue;
        errors.add(result.error.code);
        expect(codes).toContain(result.error.code);
        expect(result.error.message).not.toBe('');
        expect(result.error.code, `${asJson(some[index])} ${result.error.detail}`).not.toBe('internal');
      }
      peer.heard.length = 0;
    }
    expect(errors).toContain('invalid-argument');
    expect(errors.size).toBeGreaterThan(3);
    expect(fingerprint(home)).toBe(before);
    expect(readdirSync(dirname(unit))).toEqual(['pkgs']);
    expect(Object.keys(Object.prototype)).toEqual([]);

    // It lives, and does what it is for. A folder may have been protected by a call that fitted: that is no harm done.
    let id = 10_000;
    const ask = async <T>(call: string, args: unknown): Promise<T> => {
      id += 1;
      peer.tell({ id, call, args });
      return value<T>(await answerTo(peer, id));
    };
    const { protectedFolders } = await ask<{ protectedFolders: string[] }>('settings', {});
    for (const path of protectedFolders) await ask('unprotect', { path });
    const { targets } = await ask<{ targets: object[] }>('resolve', { text: 'pip-tools/pkgs' });
    const plan = await ask<{ id: string }>('plan', { targets, measure: false });
    const cleared = await ask('clear', { plan: plan.id, evenIfInUse: false, undoWindowMs: 0 });
    expect(cleared).toMatchObject({ operations: [{ errors: [], state: 'done', door: 'test' }] });
    expect(existsSync(`${unit}/a`)).toBe(false);
  }, 240_000);
});

const value = <T>(result: { readonly ok: boolean; readonly value?: unknown; readonly error?: unknown }): T => {
  expect(result.error).toBe(undefined);
  return result.value as T;
};
