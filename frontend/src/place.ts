import type { LitElement, ReactiveController } from "lit";

const NEAR = 48;

/**
 * Where in the conversation somebody is: at its end, which moves on with it, or further
 * up, where what is read stays in its place and what is new below is counted.
 */
export class Place implements ReactiveController {
  atEnd = true;
  unread = 0;
  /** The first message that came while somebody read older ones. */
  firstUnread: number | undefined;

  readonly #host: LitElement;
  readonly #onTop: () => void;
  readonly #sizes = new ResizeObserver(() => this.#keep());
  #lastTop = 0;
  #read: HTMLElement | undefined;
  #readTop = 0;

  constructor(host: LitElement, onTop: () => void) {
    this.#host = host;
    this.#onTop = onTop;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#keep();
    // Pictures that load and errors that show change how much there is to scroll.
    this.#sizes.disconnect();
    for (const element of this.#host.renderRoot.querySelectorAll(".scroller, ol")) {
      this.#sizes.observe(element);
    }
  }

  /** Counts what is new where it cannot be seen. */
  count(seqs: number[]): void {
    const read = Number(this.#read?.dataset.seq ?? 0);
    const below = this.atEnd ? [] : seqs.filter((seq) => seq >= read);
    if (below.length > 0 && this.unread === 0) {
      this.firstUnread = Math.min(...below);
    } else if (this.atEnd && seqs.length > 0) {
      this.firstUnread = undefined;
    }
    this.unread += below.length;
  }

  /** Goes to the end, and stays there. */
  toNewest(): void {
    this.#setAtEnd(true);
    this.#keep();
  }

  readonly scrolled = (): void => {
    const scroller = this.#scroller;
    if (!scroller) {
      return;
    }
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR) {
      this.#setAtEnd(true);
    } else if (scrollTop < this.#lastTop) {
      // Only a person scrolls up; content that is added leaves the end behind.
      this.#setAtEnd(false);
    }
    this.#lastTop = scrollTop;
    this.#read = [...scroller.querySelectorAll<HTMLElement>(".bubble")].find(
      (item) => fromTop(item, scroller) + item.clientHeight > 0,
    );
    this.#readTop = this.#read ? fromTop(this.#read, scroller) : 0;
    if (scrollTop < NEAR && !this.atEnd) {
      this.#onTop();
    }
  };

  get #scroller(): Element | null {
    return this.#host.renderRoot.querySelector(".scroller");
  }

  #setAtEnd(atEnd: boolean): void {
    if (atEnd) {
      this.unread = 0;
    }
    if (atEnd !== this.atEnd) {
      this.atEnd = atEnd;
      this.#host.requestUpdate();
    }
  }

  /** Stays at the newest message, or at the one that is read, when content changes. */
  #keep(): void {
    const scroller = this.#scroller;
    if (!scroller) {
      return;
    }
    const moved = this.atEnd
      ? scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
      : this.#read?.isConnected
        ? fromTop(this.#read, scroller) - this.#readTop
        : 0;
    // Setting it to what it is would still end a scrolling that is under way.
    if (Math.abs(moved) >= 1) {
      scroller.scrollTop += moved;
    }
  }
}

function fromTop(item: Element, scroller: Element): number {
  return item.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
