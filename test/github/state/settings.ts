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
    /** Requests (and points of GraphQL) per hour and user or installation; answered 403 beyond when `rateLimitEnforced`. */
    rateLimit: z.number().int().default(5000),
    /** The same of somebody without a token. */
    anonymousLimit: z.number().int().default(60),
    /** Searches per minute. */
    searchLimit: z.number().int().default(30),
    rateLimitEnforced: z.boolean().default(false),
    /** The limits below answer 403 with Retry-After. */
    secondaryLimitsEnforced: z.boolean().default(false),
    /** Requests under way at once, of one user or installation. */
    concurrentRequests: z.number().int().default(100),
    /** A read counts 1, a write 5. */
    pointsPerMinute: z.number().int().default(900),
    /** The same of GraphQL. */
    graphqlPointsPerMinute: z.number().int().default(2000),
    /** Comments, issues, pull requests and reviews made. */
    contentPerMinute: z.number().int().default(80),
    contentPerHour: z.number().int().default(500),
    /** Statuses of one context at one commit; always enforced. */
    statusesPerContext: z.number().int().default(1000),
    /** The time that all limits go by; moves only when it is set again. */
    clockFrozenAt: z.iso.datetime().nullable().default(null),
  })
  .strict();

/** The settings in force. */
export type Settings = z.output<typeof settingsSchema>;

/** The settings at the start. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}
