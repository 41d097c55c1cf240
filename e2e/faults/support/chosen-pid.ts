import fs from 'node:fs';
import { type Other, startOther } from './other.ts';
import { untilWithin } from './until-within.ts';

/**
 * Starts `sleep` with the number that is asked for (clone3(2), set_tid), and says `on`, or why not. Written with
 * ctypes, since Python has no call for it.
 */
const starter = `
import ctypes, errno, os, struct, sys, time
wanted = ctypes.c_int(int(sys.argv[1]))
libc = ctypes.CDLL(None, use_errno=True)
# struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup
fields = ctypes.create_string_buffer(struct.pack('11Q', 0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(wanted), 1, 0))
for _ in range(600):
    child = libc.syscall(435, fields, 88)
    # Whoever had it may not have gone for good yet.
    if child >= 0 or ctypes.get_errno() != errno.EEXIST:
        break
    time.sleep(0.05)
if child == 0:
    os.execvp('sleep', ['sleep', '1000'])
if child < 0:
    print(os.strerror(ctypes.get_errno()), flush=True)
    sys.exit(1)
print('on', flush=True)
os.waitpid(child, 0)
`;

/**
 * A program that has exactly this number: how a number that was somebody's comes to be another one's. Null, and why, where
 * the system does not give it away. It ends with the test.
 */
export const startAs = async (
  pid: number,
): Promise<{ readonly other: Other } | { readonly other: null; readonly why: string }> => {
  const other = startOther('sh', ['-c', 'exec python3 -c "$1" "$2" & echo; wait', 'sh', starter, String(pid)]);
  await other.next();
  const said = await other.next();
  if (said !== 'on') return { other: null, why: said };
  await untilWithin(30_000, () => fs.readFileSync(`/proc/${pid}/comm`, 'latin1') === 'sleep\n', 'the program');
  return { other };
};
