using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Interrupt causes, their mask, and the throttle that keeps interrupts apart (Software Developer's Manual sections 13.4.17 to 13.4.21).</summary>
internal sealed class E1000Interrupts
{
    private const long ThrottleUnit = 256;

    private readonly E1000Registers _registers;
    private readonly PciFunction _pci;
    private readonly IVmClock _clock;
    private readonly IVmTimer _throttled;

    /// <summary>Creates it.</summary>
    /// <param name="registers">Where causes and mask are.</param>
    /// <param name="pci">Whose pin is driven.</param>
    /// <param name="clock">Measures the throttle.</param>
    /// <param name="name">For the timer.</param>
    public E1000Interrupts(E1000Registers registers, PciFunction pci, IVmClock clock, string name)
    {
        (_registers, _pci, _clock) = (registers, pci, clock);
        _throttled = clock.CreateTimer($"{name} throttle", Update);
    }

    /// <summary>When the next interrupt may come, in nanoseconds of the clock.</summary>
    public long NotBefore { get; private set; }

    private bool IsWanted => (_registers[E1000Register.Causes] & _registers[E1000Register.MaskSet]) != 0;

    public void Raise(uint causes)
    {
        _registers[E1000Register.Causes] |= causes & E1000Cause.All;
        Update();
    }

    /// <summary>Reads the causes, which clears them.</summary>
    public uint Take()
    {
        var causes = _registers[E1000Register.Causes];
        Clear(causes);
        return causes;
    }

    public void Clear(uint causes)
    {
        _registers[E1000Register.Causes] &= ~causes;
        Update();
    }

    public void SetMask(uint mask)
    {
        _registers[E1000Register.MaskSet] = mask & E1000Cause.All;
        Update();
    }

    public void Reset()
    {
        NotBefore = 0;
        Update();
    }

    /// <summary>Registers have been restored.</summary>
    /// <param name="notBefore">See <see cref="NotBefore"/>.</param>
    public void Apply(long notBefore)
    {
        NotBefore = Math.Clamp(notBefore, 0, _clock.Now + 0xFFFF * ThrottleUnit);
        if (IsWanted && !_pci.Interrupt)
            _throttled.Arm(Math.Max(NotBefore, _clock.Now));
        else
            Update();
    }

    private void Update()
    {
        if (!IsWanted)
        {
            _throttled.Disarm();
            _pci.SetInterrupt(false);
        }
        else if (!_pci.Interrupt)
        {
            if (_clock.Now < NotBefore)
            {
                _throttled.Arm(NotBefore);
                return;
            }
            _throttled.Disarm();
            var interval = _registers[E1000Register.Throttle] * ThrottleUnit;
            NotBefore = interval == 0 ? 0 : _clock.Now + interval;
            _pci.SetInterrupt(true);
        }
    }
}
