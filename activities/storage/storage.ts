/** What is written beside an object's bytes. */
export interface WriteOptions {
  readonly contentType?: string;
  /** How long others may keep it, in HTTP's words; where the storage can say so. */
  readonly cacheControl?: string;
  /** Leave an object that exists as it is; `write` then answers false. */
  readonly ifAbsent?: boolean;
  /** Store it compressed, where the storage can say so (`Content-Encoding: gzip`); readers see what was written. */
  readonly compress?: boolean;
  /** Small texts that are kept with the object, where the storage can. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A part of an object: `length` bytes from `start`; a negative start counts from the end. */
export interface ByteRange {
  readonly start: number;
  readonly length?: number;
}

/** An object's name and size. */
export interface StoredObject {
  readonly path: string;
  /** Bytes as they are stored: fewer than are read, if it was compressed. */
  readonly size: number;
  /** ISO time of the last write. */
  readonly modifiedAt: string;
}

/** One page of a listing: what lies directly under a folder. */
export interface Listing {
  readonly objects: readonly StoredObject[];
  /** Names of sub-folders, each with its trailing slash. */
  readonly folders: readonly string[];
  /** Hand in as `after` for the next page; nothing on the last one. */
  readonly next?: string;
}

/** Which page of a listing; a page may hold fewer entries than the limit. */
export interface ListPage {
  readonly after?: string;
  /** Most entries; by default, and at most, 1000. */
  readonly limit?: number;
}

/** How an address for people without an account is made. */
export interface SignOptions {
  readonly expiresInMs: number;
  /** Browsers save it under this name instead of showing it. */
  readonly saveAs?: string;
}

/**
 * A bucket: objects by path. Paths are relative, with `/`, and never leave the bucket. Throws `StorageError`
 * if the storage refuses or does not answer, `ObjectPathError` for what cannot be a path.
 */
export interface Storage {
  /** `file`, `gs` or `s3`: the provider segment of Prow's URLs. */
  readonly provider: string;
  /** Answers whether it wrote. */
  write(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<boolean>;
  /** Nothing if there is no such object; an object that is stored compressed is read as it was written. */
  read(path: string, range?: ByteRange): Promise<Uint8Array | undefined>;
  /** Bytes that `read` gives; nothing if there is no such object. */
  size(path: string): Promise<number | undefined>;
  list(folder: string, page?: ListPage): Promise<Listing>;
  /** The object's address for tools: `file://…`, `gs://…`, `s3://…`. */
  url(path: string): string;
  /** An address where anybody can read the object for a while; nothing if the storage has none. */
  signedUrl(path: string, options: SignOptions): Promise<string | undefined>;
  /** Where bytes can be appended while others read, for storages that are a disk; makes its folder. */
  appendTo(path: string): Promise<string | undefined>;
  /** Copies a file of this machine; refuses anything but a regular file. */
  upload(path: string, file: string, options?: WriteOptions): Promise<boolean>;
}

/** Opens the storage that a URL names; an own interface, so that who reads need not know of credentials. */
export type OpenStorage = (url: string) => Storage;
