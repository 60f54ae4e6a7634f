import type { Fault, Faults } from './contract.ts';

export interface FaultList extends Faults {
  /** The fault that hits this call, counted as used; null for none. */
  take(method: string, channel: string): Fault | null;
}

export function buildFaults(): FaultList {
  let active: Array<{ fault: Fault; left: number }> = [];
  return {
    add(fault) {
      active.push({ fault, left: fault.times ?? 1 });
    },
    clear() {
      active = [];
    },
    take(method, channel) {
      const found = active.find(
        ({ fault }) =>
          (fault.method === '*' || fault.method === method) &&
          (fault.channel === undefined || fault.channel === channel),
      );
      if (!found) return null;
      found.left -= 1;
      if (found.left <= 0) active = active.filter((entry) => entry !== found);
      return found.fault;
    },
  };
}

/** Counts messages per channel and second, as Slack does: the wait in whole seconds where there were too many, else 0. */
export interface MessageRate {
  set(perSecond: number | null): void;
  take(channelId: string, now: number): number;
}

export function buildMessageRate(): MessageRate {
  let limit: number | null = null;
  let taken = new Map<string, number[]>();
  return {
    set(perSecond) {
      limit = perSecond;
      taken = new Map();
    },
    take(channelId, now) {
      if (limit === null) return 0;
      const recent = (taken.get(channelId) ?? []).filter((at) => at > now - 1000);
      if (recent.length >= limit) return 1;
      taken.set(channelId, [...recent, now]);
      return 0;
    },
  };
}
