/** Something that was asked for and is not there; the message says what to do. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly statusCode = 404;
}
