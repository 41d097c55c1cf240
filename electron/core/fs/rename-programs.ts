/** What Node's rename cannot do: let two names change places, and refuse a name that is taken. */
export type SpecialRename = 'exchange' | 'no-replace';

/** One rename as a program gets it: names are bytes of a directory that is its descriptor 3. */
export interface RenameOrder {
  readonly how: SpecialRename;
  readonly from: Buffer;
  readonly to: Buffer;
  /** The same names as text; null when one of them is not UTF-8, and so cannot be an argument as it is. */
  readonly text: { readonly from: string; readonly to: string } | null;
  /** The process that asks: who finds itself with another parent does nothing any more. */
  readonly asker: number;
}

/** A program of the system that can make such a rename. */
export interface RenameProgram {
  readonly name: string;
  /** Its arguments; null when it cannot do this one. */
  readonly words: (order: RenameOrder) => readonly string[] | null;
  /** It prints the number of the error (0: done), or `none` when it lacks the call. The others only end with a code. */
  readonly tellsErrno: boolean;
}

/** RENAME_NOREPLACE and RENAME_EXCHANGE of rename(2); RENAME_SWAP and RENAME_EXCL of renamex_np(2). */
const flags = process.platform === 'darwin' ? { exchange: 2, 'no-replace': 4 } : { exchange: 2, 'no-replace': 1 };

// The number of renameat2(2) by the processor that this perl was built for, which need not be Node's own.
const perlText = `
use Config;
my ($asker, $flags, $from, $to) = @ARGV;
my %numbers = (x86_64 => 316, aarch64 => 276, riscv64 => 276, loongarch64 => 276, s390x => 347, powerpc64le => 357,
  ppc64le => 357, i386 => 353, i486 => 353, i586 => 353, i686 => 353, arm => 382, armv7l => 382);
my ($arch) = $Config{archname} =~ /^([^-]+)/;
my $number = $Config{archname} =~ /x32/ ? undef : $numbers{$arch};
if (!defined $number) { print "none"; exit; }
$_ = pack('H*', $_) for $from, $to;
exit 1 if getppid() != $asker;
my $result = syscall($number, 3, $from, 3, $to, $flags + 0);
print $result == 0 ? 0 : $! + 0;
`;

const pythonText = `
import os, sys
asker, flags, start, end = int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3]), bytes.fromhex(sys.argv[4])
call = None
try:
    import ctypes
    library = ctypes.CDLL(None, use_errno=True)
    call = getattr(library, 'renameatx_np' if sys.platform == 'darwin' else 'renameat2', None)
except Exception:
    pass
if call is None:
    print('none')
elif os.getppid() == asker:
    print(0 if call(3, start, 3, end, ctypes.c_uint(flags)) == 0 else ctypes.get_errno())
`;

const inHex = ({ how, from, to, asker }: RenameOrder): readonly string[] => [
  String(asker),
  String(flags[how]),
  from.toString('hex'),
  to.toString('hex'),
];

const below = (name: string): string => `/proc/self/fd/3/${name}`;

const perl: RenameProgram = { name: 'perl', tellsErrno: true, words: (order) => ['-e', perlText, ...inHex(order)] };
const python: RenameProgram = {
  name: 'python3',
  tellsErrno: true,
  words: (order) => ['-I', '-c', pythonText, ...inHex(order)],
};
/** util-linux 2.40 and later. */
const exch: RenameProgram = {
  name: 'exch',
  tellsErrno: false,
  words: ({ how, text }) => (how === 'exchange' && text !== null ? [below(text.from), below(text.to)] : null),
};
/** coreutils 9.5 and later; older ones do not know the option, and end without having done anything. */
const mv: RenameProgram = {
  name: 'mv',
  tellsErrno: false,
  words: ({ how, text }) =>
    how === 'exchange' && text !== null
      ? ['--exchange', '--no-copy', '--no-target-directory', '--', below(text.from), below(text.to)]
      : null,
};

/**
 * Who is asked, in this order. First those that take names of any bytes, say the number of an error, and do nothing
 * when the process that asked is gone; perl is a part of every Debian.
 */
export const renamePrograms: readonly RenameProgram[] =
  process.platform === 'linux' ? [perl, python, exch, mv] : process.platform === 'darwin' ? [python] : [];

/**
 * Where these programs are looked for. On macOS `/usr/bin/python3` is a stand-in that offers to install things in a
 * window, so only real ones are.
 */
export const programPath = (): string =>
  process.platform === 'darwin'
    ? '/Library/Developer/CommandLineTools/usr/bin:/Applications/Xcode.app/Contents/Developer/usr/bin:/opt/homebrew/bin:/usr/local/bin'
    : ['/usr/bin', '/bin', process.env['PATH'] ?? ''].filter((it) => it !== '').join(':');
