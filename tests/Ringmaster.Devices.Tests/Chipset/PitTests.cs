using Ringmaster.Devices.Chipset.IntervalTimer;
using Ringmaster.Devices.Chipset.SystemControl;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class PitTests
{
    private readonly ManualVmClock _clock = new();
    private readonly List<(long Time, bool Level)> _edges = [];
    private readonly Pit _pit;
    private readonly GuestPorts _ports;

    public PitTests()
    {
        _pit = new Pit(_clock, new InterruptLine(level => _edges.Add((_clock.Now, level))));
        _ports = new GuestPorts(_pit, new SystemControlB(_pit));
    }

    private long[] Rises => [.. _edges.Where(edge => edge.Level).Select(edge => edge.Time)];

    [Fact]
    public void A_rate_generator_keeps_its_frequency_exactly_for_an_hour()
    {
        Program(0, mode: 2, count: 11932);
        _edges.Clear();

        _clock.Advance(3600L * 1_000_000_000);

        // An hour has 4,295,454,545 pulses; the first loads the count.
        Assert.Equal(4_295_454_544 / 11_932, Rises.Length);
        Assert.Equal(Pulses(1 + (11_932L * Rises.Length)), Rises[^1]);
    }

    [Fact]
    public void A_square_wave_is_high_one_pulse_longer_than_low_for_an_odd_count()
    {
        Program(0, mode: 3, count: 1051);
        _edges.Clear();

        _clock.Advance(Pulses(3 * 1051) + 1);

        // After the pulse that loads the count: high for 526, low for 525.
        long[] expected = [527, 1052, 1578, 2103, 2629, 3154];
        Assert.Equal(expected.Select(Pulses).Take(_edges.Count), _edges.Select(edge => edge.Time));
        Assert.Equal([false, true, false, true, false], _edges.Select(edge => edge.Level).Take(5));
    }

    [Theory]
    [InlineData(0, 1001)]
    [InlineData(4, 1002)]
    public void A_one_time_count_raises_the_output_once(int mode, int pulses)
    {
        Program(0, mode, count: 1000);
        _edges.Clear();

        _clock.Advance(Pulses(200_000));

        Assert.Equal([Pulses(pulses)], Rises);
    }

    [Fact]
    public void A_new_count_of_a_rate_generator_waits_for_the_end_of_the_cycle()
    {
        Program(0, mode: 2, count: 1000);
        _clock.Advance(Pulses(500));
        _edges.Clear();

        WriteCount(0, 300);
        Assert.Equal(0x40, Status(0) & 0x40);
        _clock.Advance(Pulses(1200));

        Assert.Equal(new long[] { 1001, 1301, 1601 }.Select(Pulses), Rises);
        Assert.Equal(0, Status(0) & 0x40);
    }

    [Fact]
    public void A_counter_counts_down_from_its_count_and_wraps()
    {
        Program(0, mode: 0, count: 100);

        _clock.Advance(Pulses(1));
        Assert.Equal(100, LatchAndRead(0));
        _clock.Advance(Pulses(41) - _clock.Now);
        Assert.Equal(60, LatchAndRead(0));
        _clock.Advance(Pulses(102) - _clock.Now);
        Assert.Equal(0xFFFF, LatchAndRead(0));
    }

    [Fact]
    public void A_square_wave_counts_down_by_two()
    {
        Program(0, mode: 3, count: 1000);

        _clock.Advance(Pulses(11));
        Assert.Equal(980, LatchAndRead(0));
        _clock.Advance(Pulses(511) - _clock.Now);
        Assert.Equal(980, LatchAndRead(0));
    }

    [Fact]
    public void A_decimal_counter_takes_and_shows_four_digits()
    {
        Program(0, mode: 0, count: 0x1000, bcd: true);

        _clock.Advance(Pulses(2));
        Assert.Equal(0x0999, LatchAndRead(0));
        _clock.Advance(Pulses(1002) - _clock.Now);
        Assert.Equal(0x9999, LatchAndRead(0));
    }

    [Theory]
    [InlineData(false, 65_536)]
    [InlineData(true, 10_000)]
    public void A_count_of_zero_is_the_longest(bool bcd, int pulses)
    {
        Program(0, mode: 2, count: 0, bcd);
        _edges.Clear();

        _clock.Advance(Pulses(70_000));

        Assert.Equal(Pulses(pulses + 1), Rises[0]);
    }

    [Fact]
    public void A_latched_count_stands_until_it_is_read()
    {
        Program(0, mode: 2, count: 5000);
        _clock.Advance(Pulses(1001));
        _ports.Out(0x43, 0x00);
        _clock.Advance(Pulses(500));
        _ports.Out(0x43, 0x00);

        Assert.Equal(4000, ReadCount(0));
        Assert.InRange(ReadCount(0), 3499, 3501);
    }

    [Fact]
    public void Read_back_latches_status_before_count_of_all_selected_counters()
    {
        Program(0, mode: 2, count: 5000);
        Program(1, mode: 3, count: 200);
        _clock.Advance(Pulses(51));

        _ports.Out(0x43, 0xC6);

        Assert.Equal(0xB4, _ports.In(0x40));
        Assert.Equal(4950, ReadCount(0));
        Assert.Equal(0xB6, _ports.In(0x41));
        Assert.Equal(100, ReadCount(1));
    }

    [Theory]
    [InlineData(1, 0x34, 0x0034)]
    [InlineData(2, 0x12, 0x1200)]
    public void Single_byte_access_leaves_the_other_byte_zero(int access, int value, int count)
    {
        _ports.Out(0x43, (access << 4) | (2 << 1));
        _ports.Out(0x40, value);
        _edges.Clear();

        _clock.Advance(Pulses(count + 1));

        Assert.Equal([Pulses(count + 1)], Rises);
        Assert.Equal(access == 1 ? count : count >> 8, _ports.In(0x40));
    }

    [Fact]
    public void The_first_byte_of_a_new_count_stops_an_interrupt_on_terminal_count()
    {
        Program(0, mode: 0, count: 100);
        _ports.Out(0x40, 100);
        _edges.Clear();

        _clock.Advance(Pulses(1000));
        Assert.Empty(_edges);
        _ports.Out(0x40, 0);
        _clock.Advance(Pulses(102));

        Assert.Equal([Pulses(1101)], Rises);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_low_gate_holds_a_one_time_count(int mode)
    {
        _ports.Out(0x61, 1);
        Program(2, mode, count: 1000);
        _clock.Advance(Pulses(401));
        _ports.Out(0x61, 0);
        _clock.Advance(Pulses(5000));
        Assert.Equal(600, LatchAndRead(2));

        _ports.Out(0x61, 1);
        _clock.Advance(Pulses(100));

        Assert.InRange(LatchAndRead(2), 499, 501);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_low_gate_forces_a_periodic_output_high_and_a_rising_gate_starts_a_new_cycle(int mode)
    {
        _ports.Out(0x61, 1);
        Program(2, mode, count: 1000);
        _clock.Advance(Pulses(1000));
        Assert.False(_pit.SpeakerOutput);

        _ports.Out(0x61, 0);
        Assert.True(_pit.SpeakerOutput);
        _clock.Advance(Pulses(700));
        Assert.True(_pit.SpeakerOutput);
        _ports.Out(0x61, 1);
        _clock.Advance(Pulses(2));

        Assert.True(_pit.SpeakerOutput);
        Assert.InRange(LatchAndRead(2), 996, 1000);
    }

    [Fact]
    public void A_rising_gate_triggers_a_one_shot_again()
    {
        Program(2, mode: 1, count: 1000);
        _clock.Advance(Pulses(5000));
        Assert.True(_pit.SpeakerOutput);

        _ports.Out(0x61, 1);
        _clock.Advance(Pulses(600));
        Assert.False(_pit.SpeakerOutput);
        _ports.Out(0x61, 0);
        _ports.Out(0x61, 1);
        _clock.Advance(Pulses(900));
        Assert.False(_pit.SpeakerOutput);
        _clock.Advance(Pulses(200));

        Assert.True(_pit.SpeakerOutput);
    }

    [Fact]
    public void A_triggered_strobe_is_low_for_one_pulse_after_the_count()
    {
        Program(2, mode: 5, count: 10);
        _ports.Out(0x61, 1);

        var low = new List<int>();
        for (var pulse = 1; pulse < 30; pulse++)
        {
            _clock.Advance(Pulses(pulse) - _clock.Now);
            if (!_pit.SpeakerOutput)
                low.Add(pulse);
        }

        Assert.Equal([11], low);
    }

    [Fact]
    public void Port_61h_shows_output_gate_and_a_refresh_toggle_every_18_pulses()
    {
        _ports.Out(0x61, 1);
        Program(2, mode: 0, count: 100);
        Assert.Equal(0x01, _ports.In(0x61) & 0x2F);
        _clock.Advance(Pulses(101));
        Assert.Equal(0x21, _ports.In(0x61) & 0x2F);

        var toggles = 0;
        var last = _ports.In(0x61) & 0x10;
        for (var i = 0; i < 180; i++)
        {
            _clock.Advance(Pulses(102 + i) - _clock.Now);
            var now = _ports.In(0x61) & 0x10;
            toggles += now == last ? 0 : 1;
            last = now;
        }

        Assert.Equal(10, toggles);
    }

    [Fact]
    public void Nothing_is_timed_for_counters_without_interrupt()
    {
        Program(1, mode: 2, count: 18);
        _ports.Out(0x61, 3);
        Program(2, mode: 3, count: 1000);

        Assert.Null(_clock.NextDeadline);
    }

    /// <summary>The time of a pulse in nanoseconds: rounded up, so that the pulse has happened.</summary>
    private static long Pulses(long count) => ((count * 88_000) + 104) / 105;

    private static long Pulses(int count) => Pulses((long)count);

    private void Program(int counter, int mode, int count, bool bcd = false)
    {
        _ports.Out(0x43, (counter << 6) | 0x30 | (mode << 1) | (bcd ? 1 : 0));
        WriteCount(counter, count);
    }

    private void WriteCount(int counter, int count)
    {
        _ports.Out(0x40 + counter, count & 0xFF);
        _ports.Out(0x40 + counter, count >> 8);
    }

    private int ReadCount(int counter)
    {
        var low = _ports.In(0x40 + counter);
        return low | (_ports.In(0x40 + counter) << 8);
    }

    private int LatchAndRead(int counter)
    {
        _ports.Out(0x43, counter << 6);
        return ReadCount(counter);
    }

    private byte Status(int counter)
    {
        _ports.Out(0x43, 0xE0 | (2 << counter));
        return _ports.In(0x40 + counter);
    }
}
