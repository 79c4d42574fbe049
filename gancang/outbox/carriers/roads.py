"""Which gateways this installation has, from its settings, the preferred one first."""

from __future__ import annotations

from django.conf import settings

from gancang.outbox.carriers.gateway import Carrier
from gancang.outbox.carriers.sms import SmsGateway
from gancang.outbox.carriers.whatsapp import WhatsApp
from gancang.outbox.models import Channel


def gateways() -> dict[Channel, Carrier]:
    """The carriers by channel; none in a demonstration, whose people are invented."""
    found: dict[Channel, Carrier] = {}
    if settings.DEMO:
        return found
    if settings.WHATSAPP_TOKEN:
        found[Channel.WHATSAPP] = WhatsApp(
            url=settings.WHATSAPP_URL,
            number_id=settings.WHATSAPP_NUMBER_ID,
            token=settings.WHATSAPP_TOKEN,
            template=settings.WHATSAPP_TEMPLATE,
            language=settings.LANGUAGE_CODE,
            message_rp=settings.WHATSAPP_MESSAGE_RP,
        )
    if settings.SMS_URL:
        found[Channel.SMS] = SmsGateway(
            url=settings.SMS_URL, token=settings.SMS_TOKEN, part_rp=settings.SMS_PART_RP
        )
    return found
