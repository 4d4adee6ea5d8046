/** A note in a picture: a tEXt chunk of PNG (https://www.w3.org/TR/png-3/#11tEXt), in ASCII. */
import { crc32 } from 'node:zlib';

/** The PNG signature, and the chunk IHDR, which comes first. */
const HEAD = 8 + 25;

/** A picture with a note added. */
export function withNote(png: Buffer, keyword: string, text: string): Buffer {
  const content = Buffer.from(`tEXt${keyword}\0${text}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([png.subarray(0, HEAD), length, content, sum, png.subarray(HEAD)]);
}

/** The text of a note in a picture; undefined if there is none of that name. */
export function noteOf(png: Buffer, keyword: string): string | undefined {
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const content = png.toString('latin1', at + 4, at + 8 + png.readUInt32BE(at));
    if (content.startsWith(`tEXt${keyword}\0`)) return content.slice(4 + keyword.length + 1);
  }
  return undefined;
}
