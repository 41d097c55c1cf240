import { crc32, gzipSync } from 'node:zlib';

export interface ArchiveFile {
  readonly name: string;
  readonly data: string;
}

const le = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};

/** A zip archive whose files are stored as they are: enough for a wheel. */
export const zip = (files: readonly ArchiveFile[]): Buffer => {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const data = Buffer.from(file.data);
    // Version, flags (UTF-8 names), method (stored), time, date (1980-01-01), CRC, sizes, lengths of name and extra.
    const common = Buffer.concat([
      ...[le(2, 20), le(2, 0x800), le(2, 0), le(2, 0), le(2, 0x21), le(4, crc32(data))],
      ...[le(4, data.length), le(4, data.length), le(2, name.length), le(2, 0)],
    ]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, data]);
    const more = Buffer.concat([le(2, 0), le(2, 0), le(2, 0), le(4, 0o100644 * 0x10000), le(4, offset)]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), le(2, 0x0314), common, more, name]));
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const count = le(2, files.length);
  const end = Buffer.concat([
    Buffer.from('PK\x05\x06'),
    le(4, 0),
    count,
    count,
    le(4, index.length),
    le(4, offset),
    le(2, 0),
  ]);
  return Buffer.concat([...bodies, index, end]);
};

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;

/** A gzipped tar archive (ustar): enough for an sdist. */
export const tarGz = (files: readonly ArchiveFile[]): Buffer => {
  const blocks = files.flatMap(({ name, data }) => {
    const body = Buffer.from(data);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(body.length, 12) + octal(0, 12), 100, 'latin1');
    header.write('        0', 148, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    header.write(
      octal(
        header.reduce((sum, byte) => sum + byte, 0),
        7,
      ),
      148,
      'latin1',
    );
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
};
