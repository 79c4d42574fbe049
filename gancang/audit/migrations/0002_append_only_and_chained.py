"""Events are append-only, and each is linked into its region's chain when its deed commits."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_link
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_link_no_truncate BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
"""

# Deferred to commit, so that no deed holds its region's chain while it still thinks, and
# so that the chain's lock is always the last one taken: it cannot be part of a deadlock.
CHAIN = """
CREATE FUNCTION audit_link_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head audit_head%ROWTYPE;
    digest text;
BEGIN
    INSERT INTO audit_head (region_code, number, hash) VALUES (NEW.region_code, 0, '')
        ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_head WHERE region_code = NEW.region_code FOR UPDATE;
    digest := encode(sha256(convert_to(head.hash || E'\\n' || NEW.payload, 'UTF8')), 'hex');
    INSERT INTO audit_link (event_id, region_code, number, previous, hash)
        VALUES (NEW.id, NEW.region_code, head.number + 1, head.hash, digest);
    UPDATE audit_head SET number = head.number + 1, hash = digest
        WHERE region_code = NEW.region_code;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_event_chained AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_event();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            """
            DROP TRIGGER audit_event_append_only ON audit_event;
            DROP TRIGGER audit_event_no_truncate ON audit_event;
            DROP TRIGGER audit_link_append_only ON audit_link;
            DROP TRIGGER audit_link_no_truncate ON audit_link;
            DROP FUNCTION append_only();
            """,
        ),
        migrations.RunSQL(
            CHAIN, "DROP TRIGGER audit_event_chained ON audit_event; DROP FUNCTION audit_link_event();"
        ),
    ]
