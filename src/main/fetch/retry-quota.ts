/**
 * One purse for all retries to a store. Each costs, each success without one pays back a little: when most requests
 * fail, retries stop and errors come at once, instead of every request being tried five times.
 */
const capacity = 500;
const retryCost = 5;
const stallCost = 10;
const successRefund = 1;

export class RetryQuota {
  #left = capacity;

  get left(): number {
    return this.#left;
  }

  /** Pays for a retry; false when there is not enough left. */
  tryPay(cause: 'failure' | 'stall'): boolean {
    const cost = cause === 'stall' ? stallCost : retryCost;
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }

  /** Something succeeded at the first attempt. */
  refund(): void {
    this.#left = Math.min(capacity, this.#left + successRefund);
  }
}
