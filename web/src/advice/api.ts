import { request } from '../api/client';
import { newId } from '../api/ids';
import { hasCode } from '../api/words';
import type { Statistic, Unavailable } from '../portfolio/types';

/** JSON shapes of recommendations. Numbers are of a year (0.1 is 10 %), weights parts of 1, money in minor units. */

export const PROFILES = ['conservative', 'cautious', 'balanced', 'growth', 'aggressive'] as const;
export type Profile = (typeof PROFILES)[number];
export type Goal = 'minimumVolatility' | 'maximumSharpe' | 'targetRisk';

export interface Questionnaire {
  questions: { id: string; text: string; choices: { id: string; text: string }[] }[];
  profiles: { profile: Profile; goal: Goal; volatility: number | null; largestAsset: number; largestSector: number }[];
  sectors: string[];
}

export interface Assessment {
  points: number;
  mostPoints: number;
  profile: Profile;
  /** The question whose answer held the profile down. */
  limitedBy: string | null;
}

export interface Limits {
  largestAsset?: number;
  largestSector?: number;
}

export interface Wanted {
  answers?: Record<string, string>;
  profile?: Profile;
  symbols?: string[];
  limits?: Limits;
}

export interface Weight {
  symbol: string;
  sector: string | null;
  weight: number;
  return: number;
  volatility: number;
  riskShare: number;
}

export interface Model {
  profile: Profile | null;
  currency: string;
  computedAt: string;
  window: { from: string; to: string; returns: number } | null;
  limits: {
    goal: Goal;
    volatility: number | null;
    largestAsset: number;
    largestSector: number;
    /** They were asked for, and are kept or nothing is recommended. */
    isStrict: boolean;
    widened: string[];
  };
  return: number | null;
  volatility: number | null;
  sharpe: Statistic | null;
  shrinkage: number | null;
  certificate: { isOptimal: boolean; kktResidual: number; iterations: number; ridge: number } | null;
  weights: Weight[];
  sectors: { sector: string; weight: number; cap: number | null }[];
  binding: { kind: 'greatestWeight' | 'leastWeight' | 'sector' | 'volatility'; name: string; limit: number }[];
  covariance: number[][];
  leftOut: { symbol: string; reason: string; detail: string }[];
  method: string;
  unavailable: Unavailable | null;
}

export interface Recommendation {
  account: string;
  assessment: Assessment | null;
  model: Model;
  recommendations: { symbol: string; sector: string | null; weight: number; current: number | null; change: number | null; amount: number | null }[];
  currency: string;
  total: number | null;
  unpriced: string[];
  targets: Record<string, number>;
  note: string;
}

export interface Run {
  status: 'waiting' | 'active' | 'completed' | 'failed';
  estimatedTime: number | null;
  progress: { part: number; step: string } | null;
  createdAt: string;
  endedAt: string | null;
  error: string | null;
  result: Recommendation | null;
}

interface Course {
  yearly: Statistic;
  volatility: Statistic;
  sharpe: Statistic;
  deepestFall: number | null;
  turnover: number;
  costs: number;
}

export interface Backtest {
  from: string;
  to: string;
  window: number;
  every: number;
  cost: number;
  /** Growth from 1 after costs; `equalParts` is the same symbols in equal parts. */
  days: { date: string; index: number; equalParts: number }[];
  decisions: { date: string; weights: Record<string, number> }[];
  rule: Course;
  equalParts: Course;
  note: string;
}

export const MOST_BACKTESTED = 30;

export const questions = (signal?: AbortSignal): Promise<Questionnaire> => request('/recommendations/questions', { signal });

export const assess = (answers: Record<string, string>): Promise<Assessment> =>
  request('/recommendations/profile', { method: 'POST', body: { answers } });

const path = (account: string): string => `/portfolios/${account}/recommendations`;

export const ask = (account: string, wanted: Wanted): Promise<unknown> =>
  request(path(account), { method: 'POST', body: wanted, headers: { 'idempotency-key': newId('KEY') } });

/** The last one that was asked for; null where there is none. */
export const last = (account: string, signal?: AbortSignal): Promise<Run | null> =>
  request<Run>(path(account), { signal }).catch((error: unknown) => {
    if (hasCode(error, 'unknown_recommendation')) return null;
    throw error;
  });

export const backtest = (symbols: string[], profile: Profile, limits: Limits | null): Promise<Backtest> =>
  request('/recommendations/backtest', { method: 'POST', body: { symbols, profile, ...(limits ? { limits } : {}) } });
