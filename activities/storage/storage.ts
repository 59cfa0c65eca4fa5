/** What is written beside an object's bytes. */
export interface WriteOptions {
  readonly contentType?: string;
  /** Leave an object that exists as it is; `write` then answers false. */
  readonly ifAbsent?: boolean;
}

/** A part of an object: `length` bytes from `start`; a negative start counts from the end. */
export interface ByteRange {
  readonly start: number;
  readonly length?: number;
}

/** An object's name and size. */
export interface StoredObject {
  readonly path: string;
  readonly size: number;
  /** ISO time of the last write. */
  readonly modifiedAt: string;
}

/** One page of a listing: what lies directly under a folder. */
export interface Listing {
  readonly objects: readonly StoredObject[];
  /** Names of sub-folders, each with its trailing slash. */
  readonly folders: readonly string[];
  /** Hand in as `after` for the next page. */
  readonly next?: string;
}

/** Which page of a listing. */
export interface ListPage {
  readonly after?: string;
  readonly limit?: number;
}

/** A bucket: objects by path. Paths are relative, with `/`, and never leave the bucket. */
export interface Storage {
  /** `file`, and with later issues `gs` and `s3`: the provider segment of Prow's URLs. */
  readonly provider: string;
  /** Answers whether it wrote. */
  write(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<boolean>;
  /** Nothing if there is no such object. */
  read(path: string, range?: ByteRange): Promise<Uint8Array | undefined>;
  size(path: string): Promise<number | undefined>;
  list(folder: string, page?: ListPage): Promise<Listing>;
  /** The object's address for people and tools: `file://…`. */
  url(path: string): string;
  /** Where bytes can be appended while others read, for storages that are a disk; makes its folder. */
  appendTo(path: string): Promise<string | undefined>;
  /** Copies a file of this machine; refuses anything but a regular file. */
  upload(path: string, file: string, options?: WriteOptions): Promise<boolean>;
}
