"""Constants for the IntelTele integration."""

from typing import Final

DOMAIN: Final = "inteltele"
NAME: Final = "IntelTele"
WEBSITE: Final = "https://intel-tele.com"
SEND_MESSAGE_PAGE: Final = (
    f"homeassistant://config/tools/action?service={DOMAIN}.send_message"
)

DEFAULT_URL: Final = "https://api.sms.intel-tele.com"

SUBENTRY_RECIPIENT: Final = "recipient"

CONF_CONNECTION: Final = "connection"
CONF_CURRENCY: Final = "currency"
CONF_DAILY_LIMIT: Final = "daily_limit"
CONF_HISTORY_FOR_ADMINS: Final = "history_for_admins"
CONF_KEEP_TEXT: Final = "keep_text"
CONF_LOW_BALANCE: Final = "low_balance"
CONF_NOTIFY_ACTION: Final = "notify_action"
CONF_PHONE: Final = "phone"
CONF_PICTURE_VALID: Final = "picture_valid"
CONF_RENEW_URL: Final = "renew_url"
CONF_RETRY_FOR: Final = "retry_for"
CONF_SENDER: Final = "sender"
CONF_SMS_FALLBACK: Final = "sms_fallback"
CONF_SMS_SENDER: Final = "sms_sender"
CONF_TEST: Final = "test"
CONF_TTL: Final = "ttl"

ATTR_ACTION: Final = "action"
ATTR_ANSWERS: Final = "answers"
ATTR_BUTTON_ACTION: Final = "button_action"
ATTR_BUTTON_TEXT: Final = "button_text"
ATTR_BUTTON_URL: Final = "button_url"
ATTR_BUTTON_VALID: Final = "button_valid"
ATTR_IMAGE: Final = "image"
ATTR_MEDIA: Final = "media"
ATTR_RESEND_UNKNOWN: Final = "resend_unknown"
ATTR_RETRY_FOR: Final = "retry_for"
ATTR_SENDER: Final = "sender"
ATTR_SMS_FALLBACK: Final = "sms_fallback"
ATTR_SMS_MESSAGE: Final = "sms_message"
ATTR_SMS_SENDER: Final = "sms_sender"
ATTR_SMS_AFTER: Final = "sms_after"
ATTR_CHANNEL: Final = "channel"
ATTR_TEXT: Final = "text"
ATTR_TO: Final = "to"
ATTR_TTL: Final = "ttl"
ATTR_WAIT_FOR: Final = "wait_for"
ATTR_WAIT_TIMEOUT: Final = "wait_timeout"

KEY_DELIVERY: Final = "delivery"
KEY_LAST_MESSAGE: Final = "last_message"
KEY_NOTIFY: Final = "notify"

KEY_ALARM: Final = "alarm"

EVENT_ACTIVITY: Final = "inteltele_activity"
EVENT_ALARM: Final = "inteltele_alarm"
EVENT_BUTTON_PRESSED: Final = "inteltele_button_pressed"
EVENT_DELIVERY_STATUS: Final = "inteltele_delivery_status"
