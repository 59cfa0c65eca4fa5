/** A bucket behind a network, by whole keys. All throw `StorageError`. */
export interface RemoteBucket {
  /** Answers false if it was only for an absent object, and there is one. */
  put(key: string, body: RemoteBody, options: PutOptions): Promise<boolean>;
  /** Nothing if there is no such object. */
  get(key: string, range?: KeyRange): Promise<RemotePart | undefined>;
  head(key: string): Promise<RemoteHead | undefined>;
  list(question: RemoteQuestion): Promise<RemoteListing>;
  sign(key: string, options: RemoteSignature): Promise<string | undefined>;
}

/** Bytes, or a regular file that was opened without following links. */
export type RemoteBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly fd: number; readonly size: number };

/** How an object is put. */
export interface PutOptions {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly encoding?: 'gzip';
  readonly ifAbsent: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Stored bytes from `first` on; or, as `last`, so many from the end. */
export type KeyRange =
  | { readonly first: number; readonly length?: number }
  | { readonly last: number };

/** What is known of an object without its bytes. */
export interface RemoteHead {
  /** Stored bytes. */
  readonly size: number;
  readonly gzip: boolean;
  /** Changes with every write. */
  readonly version: string;
}

/** A part of the stored bytes. */
export interface RemotePart {
  readonly bytes: Uint8Array;
  /** The range begins where the object has ended; then no more is known of it. */
  readonly beyond?: true;
  readonly gzip: boolean;
  readonly version: string;
}

/** Bounds of one request, all its tries together, in milliseconds. */
export interface Patience {
  readonly quick: number;
  readonly upload: number;
}

/** Which keys. */
export interface RemoteQuestion {
  readonly prefix: string;
  readonly after?: string;
  readonly limit: number;
}

/** Keys directly under a prefix, and the longer prefixes. */
export interface RemoteListing {
  readonly objects: readonly {
    readonly key: string;
    readonly size: number;
    readonly modifiedAt: string;
  }[];
  readonly prefixes: readonly string[];
  readonly next?: string;
}

/** What a signed address allows. */
export interface RemoteSignature {
  readonly expiresInMs: number;
  readonly disposition?: string;
}
