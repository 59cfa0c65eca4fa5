import { z } from 'zod';

/** What can be set while it runs: `POST /control/settings`. */
export const settingsSchema = z
  .object({
    /** Added to every API request. */
    latencyMs: z.number().min(0).default(0),
    /** How long `mergeable` stays null after a pull request or its base changed. */
    mergeableAfterMs: z.number().min(0).default(50),
    /** Deliveries under way at once per hook; 1 keeps them in order. */
    deliveriesAtOnce: z.number().int().min(1).default(1),
    deliveryTimeoutMs: z.number().default(10_000),
    /** Requests per hour and user; answered 403 beyond when `rateLimitEnforced`. */
    rateLimit: z.number().int().default(5000),
    rateLimitEnforced: z.boolean().default(false),
  })
  .strict();

/** The settings in force. */
export type Settings = z.output<typeof settingsSchema>;

/** The settings at the start. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}
