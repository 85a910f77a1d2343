"""Constants for the IntelTele integration."""

from typing import Final

DOMAIN: Final = "inteltele"
NAME: Final = "IntelTele"

DEFAULT_URL: Final = "https://api.sms.intel-tele.com"

SUBENTRY_RECIPIENT: Final = "recipient"

CONF_CONNECTION: Final = "connection"
CONF_CURRENCY: Final = "currency"
CONF_DAILY_LIMIT: Final = "daily_limit"
CONF_KEEP_TEXT: Final = "keep_text"
CONF_LOW_BALANCE: Final = "low_balance"
CONF_PHONE: Final = "phone"
CONF_RENEW_URL: Final = "renew_url"
CONF_RETRY_FOR: Final = "retry_for"
CONF_SENDER: Final = "sender"
CONF_SMS_FALLBACK: Final = "sms_fallback"
CONF_SMS_SENDER: Final = "sms_sender"
CONF_TEST: Final = "test"
CONF_TTL: Final = "ttl"

ATTR_BUTTON_TEXT: Final = "button_text"
ATTR_BUTTON_URL: Final = "button_url"
ATTR_IMAGE: Final = "image"
ATTR_RESEND_UNKNOWN: Final = "resend_unknown"
ATTR_RETRY_FOR: Final = "retry_for"
ATTR_SENDER: Final = "sender"
ATTR_SMS_FALLBACK: Final = "sms_fallback"
ATTR_SMS_MESSAGE: Final = "sms_message"
ATTR_SMS_SENDER: Final = "sms_sender"
ATTR_TO: Final = "to"
ATTR_TTL: Final = "ttl"

KEY_DELIVERY: Final = "delivery"
KEY_LAST_MESSAGE: Final = "last_message"
KEY_NOTIFY: Final = "notify"

EVENT_DELIVERY_STATUS: Final = "inteltele_delivery_status"
