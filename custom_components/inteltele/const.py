"""Constants for the IntelTele integration."""

from typing import Final

DOMAIN: Final = "inteltele"
NAME: Final = "IntelTele"

DEFAULT_URL: Final = "https://api.sms.intel-tele.com"

SUBENTRY_RECIPIENT: Final = "recipient"

CONF_CONNECTION: Final = "connection"
CONF_CURRENCY: Final = "currency"
CONF_PHONE: Final = "phone"
CONF_SMS_FALLBACK: Final = "sms_fallback"
CONF_SMS_SENDER: Final = "sms_sender"
CONF_TEST: Final = "test"

ATTR_BUTTON_TEXT: Final = "button_text"
ATTR_BUTTON_URL: Final = "button_url"
ATTR_IMAGE: Final = "image"
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
