import { Scanner } from '../../electron/core/scan/scanner.ts';

/** What one process says about its scans; times in ms, from the call to the answer. */
export interface ScanOnce {
  /** The first call: threads are started, code is compiled. */
  readonly firstMs: number;
  /** More calls in the same process, as a running program makes them. */
  readonly nextMs: readonly number[];
  /** The most memory that the whole process, all threads included, ever had resident. */
  readonly peakMiB: number;
  readonly files: number;
  readonly allocated: number;
  readonly reused: number;
}

// scan-once.ts ROOT MEMORY TIMES, with an empty MEMORY for none.
const [root = '', memory = '', times = '1'] = process.argv.slice(2);
const scanner = new Scanner();
const timed = async () => {
  const began = performance.now();
  const measurement = await scanner.measure({ root, rewritten: 'nothing', memory: memory === '' ? null : memory });
  return { ms: performance.now() - began, measurement };
};

const first = await timed();
const nextMs: number[] = [];
for (let time = 1; time < Number(times); time += 1) nextMs.push((await timed()).ms);
const { files, bytes, reused } = first.measurement;
// maxRSS is KiB on every platform (libuv, uv_getrusage).
const peakMiB = process.resourceUsage().maxRSS / 1024;
const said: ScanOnce = { firstMs: first.ms, nextMs, peakMiB, files, allocated: bytes.allocated, reused };
process.stdout.write(JSON.stringify(said));
await scanner.close();
