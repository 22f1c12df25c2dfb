/**
 * Finds damage in an LMDB file before LMDB maps it: the library trusts its pages, so a truncated or overwritten file
 * would end the process by a signal instead of an error. Every page of the trees is visited once, and its number, kind
 * and bounds are checked. It takes about half a second per gigabyte of small entries. Of a large value only the head is
 * checked; changed bytes inside a value are not found.
 *
 * Format: LMDB data version 2, `MDB_meta`, `MDB_page` and `MDB_node` of mdb.c, little-endian.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const headerBytes = 24;
const noRoot = 0xffffffffffffffffn;
const kind = { branch: 1, leaf: 2, large: 4, meta: 8 } as const;
const nodeFlag = { large: 1, subTree: 2 } as const;

interface File {
  readonly fd: number;
  readonly pageBytes: number;
  readonly pages: number;
  /** Number of the last transaction; no page is younger. */
  readonly last: number;
  /** The page last read. */
  readonly page: Buffer;
}

interface Tree {
  readonly root: bigint;
  readonly depth: number;
}

/** What is wrong with the LMDB file, or undefined when it is sound, empty or missing. */
export function damageOf(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(fd);
    return size === 0 ? undefined : damageOfFile(fd, size);
  } finally {
    closeSync(fd);
  }
}

function damageOfFile(fd: number, bytes: number): string | undefined {
  const first = readAt(fd, 0, 4096);
  if (!isMeta(first)) return 'its first page is not the head of an LMDB file';
  const pageBytes = first.readUInt32LE(48);
  if (pageBytes < 256 || pageBytes > 65_536) return `it names a page size of ${pageBytes}`;
  const second = readAt(fd, pageBytes, 4096);
  if (!isMeta(second)) return 'its second page is not the head of an LMDB file';
  const meta = second.readBigUInt64LE(152) > first.readBigUInt64LE(152) ? second : first;
  const file = {
    fd,
    last: wide(meta, 152),
    pageBytes,
    pages: Math.floor(bytes / pageBytes),
    page: Buffer.alloc(pageBytes),
  };
  return damageOfTrees(file, [treeAt(meta, 48), treeAt(meta, 96)]);
}

function isMeta(page: Buffer): boolean {
  return (
    page.length >= 160 &&
    (page.readUInt16LE(18) & kind.meta) !== 0 &&
    page.readUInt32LE(24) === 0xbeefc0de &&
    page.readUInt32LE(28) === 2
  );
}

function treeAt(bytes: Buffer, at: number): Tree {
  return { root: bytes.readBigUInt64LE(at + 40), depth: bytes.readUInt16LE(at + 6) };
}

/** Walks the trees and their sub-trees. Visits are counted, so that a circle of pages ends too. */
function damageOfTrees(file: File, trees: Tree[]): string | undefined {
  let visits = 0;
  for (let tree = trees.pop(); tree !== undefined; tree = trees.pop()) {
    if (tree.root === noRoot) continue;
    const waiting = [{ page: Number(tree.root), level: 1 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { page: number, level } = next;
      if (++visits > file.pages) return 'its pages form a circle';
      if (number < 2 || number >= file.pages) return `it refers to page ${number} of ${file.pages}; it was cut off`;
      const { page } = file;
      readSync(file.fd, page, 0, file.pageBytes, number * file.pageBytes);
      const expected = level === tree.depth ? kind.leaf : kind.branch;
      if (!isPage(file, page, { number, kind: expected })) {
        return `page ${number} was overwritten`;
      }
      const damage =
        expected === kind.leaf
          ? damageOfLeaf(file, page, trees)
          : damageOfBranch(page, (child) => waiting.push({ page: child, level: level + 1 }));
      if (damage !== undefined) return `page ${number} ${damage}`;
    }
  }
  return undefined;
}

function isPage(file: File, page: Buffer, expected: { readonly number: number; readonly kind: number }): boolean {
  return wide(page, 0) === expected.number && wide(page, 8) <= file.last && page.readUInt16LE(18) === expected.kind;
}

function damageOfBranch(page: Buffer, visit: (child: number) => void): string | undefined {
  return damageOfNodes(page, (at) => {
    visit(page.readUInt32LE(at) + page.readUInt16LE(at + 4) * 2 ** 32);
    return at + 8 + page.readUInt16LE(at + 6) <= page.length;
  });
}

function damageOfLeaf(file: File, page: Buffer, trees: Tree[]): string | undefined {
  return damageOfNodes(page, (at) => {
    const flags = page.readUInt16LE(at + 4);
    const data = at + 8 + page.readUInt16LE(at + 6);
    const size = page.readUInt32LE(at);
    if ((flags & nodeFlag.large) !== 0) {
      if (data + 8 > page.length) return false;
      return isLargeValue(file, wide(page, data), size);
    }
    if (data + size > page.length) return false;
    if ((flags & nodeFlag.subTree) !== 0) {
      if (size < 48) return false;
      trees.push(treeAt(page, data));
    }
    return true;
  });
}

/** A value of many pages: the first page holds their number, which LMDB trusts when it frees them. */
function isLargeValue(file: File, from: number, size: number): boolean {
  const pages = Math.ceil((headerBytes + size) / file.pageBytes);
  if (from < 2 || from + pages > file.pages) return false;
  const head = readAt(file.fd, from * file.pageBytes, headerBytes);
  return isPage(file, head, { number: from, kind: kind.large }) && head.readUInt32LE(20) === pages;
}

/** Calls `isSound` with the position of each node in the page. Stored positions count from the end of the header. */
function damageOfNodes(page: Buffer, isSound: (at: number) => boolean): string | undefined {
  const lower = page.readUInt16LE(20);
  const upper = page.readUInt16LE(22);
  const room = page.length - headerBytes;
  if (lower > upper || upper > room || lower % 2 !== 0) return 'has impossible bounds';
  for (let pointer = 0; pointer < lower; pointer += 2) {
    const node = page.readUInt16LE(headerBytes + pointer);
    if (node < upper || node + 8 > room || !isSound(headerBytes + node)) return 'holds an impossible entry';
  }
  return undefined;
}

function wide(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

function readAt(fd: number, position: number, bytes: number): Buffer {
  const page = Buffer.allocUnsafe(bytes);
  return page.subarray(0, readSync(fd, page, 0, bytes, position));
}
