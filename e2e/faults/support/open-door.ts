import { createInterface } from 'node:readline';
import { openInspector } from '../../../electron/core/inspector.ts';

// A door that stays open and does what it is told: a call on each line of stdin, its answer on a line of stdout.

const inspector = await openInspector({ door: 'test' });
process.stdout.write('open\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { name, args } = JSON.parse(line) as { name: 'list'; args: Parameters<typeof inspector.call>[1] };
  process.stdout.write(`${JSON.stringify(await inspector.call(name, args as never))}\n`);
}
await inspector.close();
