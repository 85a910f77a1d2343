import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { alarmList, alarmStyles } from "./alarm-list";
import { Alarms } from "./alarms";
import { BaseCard } from "./base";
import { checkedConfig } from "./config";
import { icon } from "./icons";
import { ALARM_CARD } from "./offer";
import type { CardConfig } from "./types";

/** The alarms alone; it takes no room while there is none. */
export class AlarmCard extends BaseCard {
  /** Home Assistant would take a hidden card away, and it would hear nothing. */
  readonly connectedWhileHidden = true;
  private readonly _alarms = new Alarms(this);

  static getConfigElement(): HTMLElement {
    return document.createElement(`${ALARM_CARD}-editor`);
  }

  static getStubConfig(): Partial<CardConfig> {
    return {};
  }

  setConfig(config: CardConfig): void {
    this._config = checkedConfig(config);
    this._alarms.config = config;
  }

  getCardSize(): number {
    return 3;
  }

  getGridOptions(): Record<string, number> {
    return { columns: 12, min_columns: 6 };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { shown, error } = this._alarms;
    this._alarms.hass = this.hass;
    const hidden =
      shown.length === 0 &&
      !this.preview &&
      !this._config?.show_when_idle &&
      (!error || error.code === "unauthorized");
    if (hidden !== this.hidden) {
      this.hidden = hidden;
      this.dispatchEvent(
        new CustomEvent("card-visibility-changed", {
          detail: { value: !hidden },
          bubbles: true,
          composed: true,
        }),
      );
    }
  }

  protected override render(): TemplateResult {
    return html`<ha-card dir=${this._direction}>${this._content()}</ha-card>`;
  }

  private _content(): unknown {
    const { _alarms: alarms, _texts: texts, _format: format } = this;
    if (!texts || !format) {
      return nothing;
    }
    if (alarms.error) {
      const words = texts.error(alarms.error, texts.card("alarm_error"));
      return html`<p class="line blocked" role="alert">${words}</p>`;
    }
    return html`
      ${alarmList({ alarms, texts, format })}
      ${
        alarms.shown.length > 0
          ? nothing
          : html`<p class="line">${icon("sent")} ${texts.card("alarm_none")}</p>`
      }
    `;
  }

  static override styles = [
    alarmStyles,
    css`
      :host {
        display: block;
      }
      :host([hidden]) {
        display: none;
      }
      ha-card {
        overflow: hidden;
      }
      .alarms {
        max-height: none;
      }
      .line {
        margin: 0;
        padding: 12px 16px;
        color: var(--_quiet);
      }
      .line.blocked {
        color: var(--_alarm);
      }
    `,
  ];
}

customElements.define(ALARM_CARD, AlarmCard);
